import type { ChannelName, LossRun } from '../../../../../../lab/lost-packet/loss.ts';

const SHOWN_MS = 1100;
const FROM_MS = 300;
const LANE = 46;
const GAP = 10;
const LANES = ['a', 'b', 'c'] as const satisfies readonly ChannelName[];

interface WaysProps {
  readonly title: string;
  /** Undefined until it has been measured. */
  readonly run: LossRun | undefined;
  readonly caption: string;
}

const NOTHING: LossRun = { passed: [], missing: { from: 0, to: 0 } };

/** Each message as a line, from when it was published to when it arrived: upright where that is the same moment, slanted where it waited. */
export function Ways({ title, run = NOTHING, caption }: WaysProps) {
  const { passed, missing } = run;
  const place = (ms: number) => ms - FROM_MS;
  const shown = passed.filter(
    ({ publishedMs }) => publishedMs > FROM_MS && publishedMs < FROM_MS + SHOWN_MS - 100,
  );
  const height = LANES.length * (LANE + GAP);
  return (
    <figure class="ways">
      <figcaption>
        <b>{title}</b> {caption}
      </figcaption>
      <div class="ways-body">
        <ol aria-hidden="true">
          {LANES.map((name) => (
            <li key={name}>Stream {name.toUpperCase()}</li>
          ))}
        </ol>
        <svg
          viewBox={`0 0 ${SHOWN_MS} ${height}`}
          preserveAspectRatio="none"
          role="img"
          aria-label={`${title}. ${caption}`}
        >
          <rect
            class="gone"
            x={place(missing.from)}
            y="0"
            width={missing.to - missing.from}
            height={height}
          />
          {LANES.map((name, index) => {
            const y = index * (LANE + GAP) + GAP / 2;
            return (
              <g key={name} data-stream={name}>
                <line class="edge" x1="0" x2={SHOWN_MS} y1={y} y2={y} />
                <line class="edge" x1="0" x2={SHOWN_MS} y1={y + LANE} y2={y + LANE} />
                {shown
                  .filter(({ channel }) => channel === name)
                  .map(({ publishedMs, arrivedMs }) => (
                    <line
                      key={publishedMs}
                      class={arrivedMs - publishedMs > HELD_MS ? 'held' : 'went'}
                      x1={place(publishedMs)}
                      y1={y}
                      x2={place(arrivedMs)}
                      y2={y + LANE}
                    />
                  ))}
              </g>
            );
          })}
        </svg>
      </div>
      <p class="axis" aria-hidden="true">
        <span>published at a lane’s upper edge, arrived at its lower</span>
        <span>{SHOWN_MS / 1000} s</span>
      </p>
    </figure>
  );
}

/** A message that took longer waited for something. */
export const HELD_MS = 30;

/** The longest that a message of each stream was under way, in milliseconds. */
export function longest({ passed, missing }: LossRun): Record<ChannelName, number> {
  const of = (name: ChannelName) =>
    Math.round(
      Math.max(
        0,
        ...passed
          .filter(
            ({ channel, publishedMs }) =>
              channel === name && publishedMs > missing.from - 50 && publishedMs < missing.to,
          )
          .map(({ publishedMs, arrivedMs }) => arrivedMs - publishedMs),
      ),
    );
  return { a: of('a'), b: of('b'), c: of('c') };
}
