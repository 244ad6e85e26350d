import type { Act } from '../../../../../lab/act.ts';
import { delayOf } from '../../../transports.ts';
import { colourOf, TechniqueLabel } from '../technique.tsx';
import { lastLateness, SPAN_MS, type Track, type TrackLane } from './track.ts';

const HEIGHT = 40;
/** Where messages leave, and where they arrive. */
const TOP = 5;
const BOTTOM = HEIGHT - 5;
/** What is shorter could not be seen. */
const MIN_WIDTH_MS = 200;

const NAMES: Readonly<Record<Act['kind'], string>> = {
  change: 'another network',
  tunnel: 'in the tunnel',
  cut: 'cut',
  silence: 'nothing published',
  unplug: 'plug of node A pulled',
  plug: 'node A is back',
};

/** A lane for each technique: each message leaves above, and arrives below, so that the slope is its delay. */
export function Timeline({ track }: { track: Track }) {
  const { now, happenings, lanes } = track;
  const x = (at: number) => SPAN_MS - (now - at);
  const spans = happenings.map(({ act, from, to }) => {
    const left = Math.max(0, x(from));
    return { act, from, left, width: Math.max(MIN_WIDTH_MS, x(to ?? now) - left) };
  });
  return (
    <div class="drive-lanes">
      <p class="happenings" aria-hidden="true">
        {spans.map(({ act, from, left }) => (
          <span
            key={from}
            data-late={left > SPAN_MS * 0.7 || undefined}
            style={{ '--x': `${(left / SPAN_MS) * 100}%` }}
          >
            {NAMES[act.kind]}
          </span>
        ))}
      </p>
      {lanes.map((lane) => (
        <div
          key={lane.technique}
          class="lane-of"
          data-technique={lane.technique}
          style={{ '--t': colourOf(lane.technique) }}
        >
          <div class="lane-name">
            <TechniqueLabel name={lane.technique} />
            {lane.carrier && <small>by {lane.carrier}</small>}
          </div>
          <svg viewBox={`0 0 ${SPAN_MS} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
            {spans.map(({ act, from, left, width }) => (
              <rect key={from} class={`happens ${act.kind}`} x={left} y="0" width={width} height={HEIGHT} />
            ))}
            <Messages track={track} lane={lane} x={x} />
          </svg>
          <Figures track={track} lane={lane} />
        </div>
      ))}
      <p class="axis" aria-hidden="true">
        <span>{SPAN_MS / 1000} s ago</span>
        <span>now</span>
      </p>
    </div>
  );
}

interface MessagesProps {
  readonly track: Track;
  readonly lane: TrackLane;
  readonly x: (at: number) => number;
}

function Messages({ track: { publishedAt }, lane: { arrivedAt }, x }: MessagesProps) {
  const ways: string[] = [];
  const arrivals: string[] = [];
  const underWay: string[] = [];
  for (const [number, left] of publishedAt) {
    const came = arrivedAt.get(number);
    if (came === undefined) underWay.push(`M${x(left)} ${TOP}h0`);
    else {
      ways.push(`M${x(left)} ${TOP}L${x(Math.max(came, left))} ${BOTTOM}`);
      arrivals.push(`M${x(Math.max(came, left))} ${BOTTOM}h0`);
    }
  }
  return (
    <>
      <path class="way" d={ways.join('')} />
      <path class="arrival" d={arrivals.join('')} />
      <path class="outstanding" d={underWay.join('')} />
    </>
  );
}

function Figures({ track, lane }: { track: Track; lane: TrackLane }) {
  const { received, missing, doubled, passedOver, gaps, said } = lane;
  const counts = [
    missing > 0 && `${missing} not yet here`,
    passedOver > 0 && `${passedOver} lost silently`,
    doubled > 0 && `${doubled} twice`,
    gaps > 0 && `${gaps} gaps`,
  ].filter(Boolean);
  return (
    <p class="lane-figures">
      {received === 0 ? (
        'nothing yet'
      ) : (
        <>
          <b>{delayOf(lastLateness(track, lane))}</b> late, {received} came
        </>
      )}
      {counts.length > 0 && <span class="short">, {counts.join(', ')}</span>}
      <small title={said}>{said ?? '\u00a0'}</small>
    </p>
  );
}
