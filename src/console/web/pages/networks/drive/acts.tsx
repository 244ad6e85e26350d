import { useState } from 'preact/hooks';
import type { Act } from '../../../../../lab/act.ts';
import type { Lab } from '../use-lab.ts';
import type { Track } from './track.ts';

/** In seconds. */
const TUNNELS = [3, 8, 20];
const SILENCE_SECONDS = 45;

interface ActsProps {
  readonly track: Track | undefined;
  readonly pace: number;
  readonly nodes: number;
  readonly ask: Lab['ask'];
}

/** What may be made to happen. */
export function Acts({ track, pace, nodes, ask }: ActsProps) {
  const [seconds, setSeconds] = useState(TUNNELS[1]!);
  const goesOn = (kind: Act['kind']) =>
    track?.happenings.some(({ act, to }) => act.kind === kind && to === undefined) ?? false;
  const inTunnel = goesOn('tunnel');
  const isUp = track?.nodes[0] ?? true;
  const button = (text: string, act: Act, isOff = false) => (
    <button
      type="button"
      class="plain"
      disabled={!track || isOff || goesOn(act.kind)}
      onClick={() => ask({ kind: 'act', act })}
    >
      {text}
    </button>
  );
  return (
    <div class="acts">
      {button('Change network', { kind: 'change' }, inTunnel)}
      <span class="tunnel">
        {button(`Go through a tunnel of ${seconds} s`, { kind: 'tunnel', seconds }, goesOn('change'))}
        <label>
          <span class="unseen">Length of the tunnel</span>
          <select value={seconds} onChange={(event) => setSeconds(Number(event.currentTarget.value))}>
            {TUNNELS.map((each) => (
              <option key={each} value={each}>
                {each} s
              </option>
            ))}
          </select>
        </label>
      </span>
      {button('Cut every connection', { kind: 'cut' }, inTunnel)}
      {button(`Publish nothing for ${SILENCE_SECONDS} s (${SILENCE_SECONDS / pace} s here)`, {
        kind: 'silence',
      })}
      {nodes > 1 &&
        (isUp
          ? button('Pull the plug of node A', { kind: 'unplug' })
          : button('Plug node A in again', { kind: 'plug' }))}
    </div>
  );
}
