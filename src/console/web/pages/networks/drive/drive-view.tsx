import { useState } from 'preact/hooks';
import type { Act } from '../../../../../lab/act.ts';
import type { Catalogue } from '../../../../networks/reports.ts';
import type { PageProps } from '../../../shell/pages.ts';
import { Between } from '../between.tsx';
import { TechniqueLabel } from '../technique.tsx';
import { type Tls, TlsChoice } from '../tls-choice.tsx';
import { type Activity, type Lab, useLab } from '../use-lab.ts';
import { Timeline } from './timeline.tsx';
import { EMPTY, type Track } from './track.ts';

/** It has two nodes, so that every button has something to do. */
const FIRST = 'load-balancer';
const TUNNELS = [3, 8, 20];
const SILENCE_SECONDS = 45;

/** One network with a client of each technique behind it, and buttons for what may happen to it. */
export default function DriveView(props: PageProps) {
  const lab = useLab(props);
  const [chosen, setChosen] = useState(FIRST);
  const [wanted, setWanted] = useState<Tls>('none');
  const { catalogue, activity, ask } = lab;
  if (!catalogue) return <p class="note">Asking the hub which networks it has …</p>;
  const track = activity.kind === 'driving' ? activity.track : undefined;
  const name = track?.network || chosen;
  const network = catalogue.networks.find((each) => each.name === name)!;
  return (
    <>
      <section aria-labelledby="drive-title">
        <h3 id="drive-title">{network.title}</h3>
        <p>{network.does}</p>
        <Between network={network} nodes={track?.nodes} />
        <fieldset class="choice" disabled={activity.kind !== 'idle'}>
          <legend>The network between</legend>
          {catalogue.networks.map((each) => (
            <label key={each.name}>
              <input
                type="radio"
                name="network"
                checked={each.name === name}
                onChange={() => setChosen(each.name)}
              />
              <span>{each.title}</span>
            </label>
          ))}
        </fieldset>
        <TlsChoice
          kinds={catalogue.tls}
          chosen={track?.tls ?? wanted}
          isFixed={activity.kind !== 'idle'}
          onChoose={setWanted}
        />
        <div class="actions">
          {track ? (
            <button type="button" class="plain" onClick={() => ask({ kind: 'end' })}>
              End it
            </button>
          ) : (
            <button
              type="button"
              disabled={activity.kind !== 'idle'}
              onClick={() => ask({ kind: 'drive', choice: { network: name, tls: wanted } })}
            >
              Start
            </button>
          )}
          <p class="note" role="status">
            {sentenceOf(activity)}
          </p>
        </div>
      </section>
      <section aria-labelledby="timeline-title">
        <h3 id="timeline-title">Each message leaves above and arrives below: the slope is its delay</h3>
        <Acts track={track} pace={catalogue.pace} nodes={network.nodes} ask={ask} />
        <Timeline track={track ?? idle(catalogue)} />
        <p class="note">
          After a failure a client written by hand asks again each second. fanwire’s waits at random, up to 1,
          2, 4, 8 s and so on, so that ten thousand do not come at once; in a browser the event{' '}
          <code>online</code> wakes it, which these clients of Node do not have.
        </p>
      </section>
      <Words track={track} />
    </>
  );
}

/** The lanes before anything is in them, so that nothing moves when it begins. */
function idle({ techniques }: Catalogue): Track {
  const nothing = { received: 0, missing: 0, doubled: 0, gaps: 0, passedOver: 0 };
  const lanes = techniques.map(({ name }) => ({
    technique: name,
    ...nothing,
    carrier: undefined,
    said: undefined,
    arrivedAt: new Map(),
  }));
  return { ...EMPTY, lanes };
}

function sentenceOf(activity: Activity): string {
  switch (activity.kind) {
    case 'idle':
      return activity.fault ?? '';
    case 'asked':
      return 'The hub’s machine starts it …';
    case 'measuring':
      return `Networks are measured just now (${activity.now.column.title}): that has to end first.`;
    case 'driving':
      return 'Runs on the hub’s machine. Whoever opens this page sees the same, and it ends when nobody looks.';
  }
}

interface ActsProps {
  readonly track: Track | undefined;
  readonly pace: number;
  readonly nodes: number;
  readonly ask: Lab['ask'];
}

function Acts({ track, pace, nodes, ask }: ActsProps) {
  const [seconds, setSeconds] = useState(TUNNELS[1]!);
  const goesOn = (kind: Act['kind']) =>
    track?.happenings.some(({ act, to }) => act.kind === kind && to === undefined) ?? false;
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
      {button('Change network', { kind: 'change' })}
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
      {button('Cut every connection', { kind: 'cut' })}
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

function Words({ track }: { track: Track | undefined }) {
  const words = track?.words.toReversed() ?? [];
  return (
    <section aria-labelledby="words-title">
      <h3 id="words-title">What the clients said</h3>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so it must be reachable by keyboard */}
      <ol class="words" tabIndex={0} aria-labelledby="words-title">
        {words.map(({ at, technique, text }, index) => (
          <li key={words.length - index}>
            <time>{(at / 1000).toFixed(1)} s</time>
            <TechniqueLabel name={technique} />
            <span>{text}</span>
          </li>
        ))}
        {words.length === 0 && <li class="note">Nothing yet.</li>}
      </ol>
    </section>
  );
}
