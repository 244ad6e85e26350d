import { useEffect, useMemo, useReducer } from 'preact/hooks';
import type { PageProps } from '../../../shell/pages.ts';
import { labelOf } from '../../../transports.ts';
import { Claim } from '../claim.tsx';
import { Chart } from './chart.tsx';
import { type Journal, secondsOf } from './journal.ts';
import { OBSTACLES, type Obstacle } from './obstacles.ts';
import { type LessonClient, UPGRADE_MS, useLessonClient } from './use-client.ts';

const DRAW_MS = 250;
/** A client gives a link up that was silent for so many times the hub's heartbeat. */
const SILENT_HEARTBEATS = 1.5;
const SHOWN = 12;
const NAMES = Object.keys(OBSTACLES) as Obstacle[];

/** How the client finds what works, leaves what doesn't, and comes back: obstacles to put up, and a client behind them. */
export default function Fallback(props: PageProps) {
  // What stands is asked by each request, so that the client stays the same.
  const standing = useMemo(() => new Set<Obstacle>(), []);
  const client = useLessonClient(props, standing);
  const [, draw] = useReducer((count: number) => count + 1, 0);
  useEffect(() => {
    const timer = setInterval(draw, DRAW_MS, undefined);
    return () => clearInterval(timer);
  }, []);
  const toggle = (name: Obstacle, stands: boolean) => {
    if (stands) standing.add(name);
    else standing.delete(name);
    draw(undefined);
    // What is open already would not meet it.
    if (stands) client.cut();
  };
  return (
    <>
      <section aria-labelledby="between-title">
        <h3 id="between-title">What lies between</h3>
        <div class="between">
          <div class="obstacles">
            {NAMES.map((name) => (
              <label key={name}>
                <input
                  type="checkbox"
                  checked={standing.has(name)}
                  onChange={(event) => toggle(name, event.currentTarget.checked)}
                />
                {OBSTACLES[name]}
              </label>
            ))}
            <button type="button" class="plain" onClick={client.cut}>
              Cut its connection once
            </button>
          </div>
          <p class="note">
            This page makes the obstacles: its <code>fetch</code> and <code>WebSocket</code> refuse or hold
            back. The hub makes the cut, of TCP. The client behind them is the SDK as it is, but tries a
            better transport after {UPGRADE_MS / 1000} s and not 60. <a href="/networks/drive">Networks</a>{' '}
            has real ones, and clients of every technique behind them.
          </p>
        </div>
        <Chart journal={client.journal} now={Date.now()} />
        <p class="now" role="status">
          {client.fault ?? sentenceOf(client)}
        </p>
        <p class="note counts">
          {client.sent} numbers were published for it, one a second; {client.came} have come, {client.twice}{' '}
          of them twice; {client.gaps} gaps.
        </p>
      </section>
      <section class="claims" aria-labelledby="readings-title">
        <h3 id="readings-title">What the field says of it</h3>
        <Claim of={['fallback', 'unchanged']}>{client.status?.why}</Claim>
        <Claim of={['backoff']}>{waitsOf(client.journal)}</Claim>
        <Claim of={['idle-cut', 'heartbeat']}>{heartbeatOf(client)}</Claim>
      </section>
      <Log journal={client.journal} />
    </>
  );
}

function sentenceOf({ status }: LessonClient): string {
  switch (status?.state) {
    case 'connected':
      return `Connected by ${labelOf(status.transport)}.`;
    case 'connecting':
      return 'Trying what works here …';
    case 'waiting':
      return 'Waiting before it tries again …';
    case 'closed':
      return status.why;
    case undefined:
      return 'The client is about to begin …';
  }
}

function waitsOf({ waits }: Journal): string {
  if (waits.length === 0) return 'It has not had to wait yet: cut its connection, or pull the plug.';
  const drawn = waits
    .slice(-5)
    .map(({ from, until, ceilingMs }) => `${secondsOf(until - from)} of up to ${secondsOf(ceilingMs)}`);
  return `Drawn at random, so that clients do not come back together: ${drawn.join(', ')}.`;
}

function heartbeatOf({ heartbeatMs, heardAt }: LessonClient): string | undefined {
  if (heartbeatMs === undefined || heardAt === undefined) return undefined;
  const quiet = ((performance.now() - heardAt) / 1000).toFixed(0);
  return `Every ${secondsOf(heartbeatMs)}, says this hub. Over a WebSocket the client last heard it ${quiet} s ago; after ${secondsOf(heartbeatMs * SILENT_HEARTBEATS)} of silence it would leave.`;
}

/** What was tried, when, and why it was left. */
function Log({ journal: { entries } }: { journal: Journal }) {
  const shown = entries.slice(-SHOWN).toReversed();
  return (
    <section aria-labelledby="log-title">
      <h3 id="log-title">What it tried, when, and why it left</h3>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so it must be reachable by keyboard */}
      <ol class="log" tabIndex={0} aria-labelledby="log-title">
        {shown.map(({ key, at, transport, text }) => (
          <li key={key}>
            <time>{new Date(at).toLocaleTimeString('en-GB')}</time>
            <span>
              {transport && <b>{labelOf(transport)} </b>}
              {text}
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}
