import { type WireName, wireFacts } from '../../endpoints.ts';
import { type Lane, SPAN_MS } from '../../measure/lane.ts';

const WIDTH = 1000;
const ROW = 28;
const FIRST = 16;

interface TimelineProps {
  /** A row for each from the first, so that nothing moves when the lanes open. */
  readonly names: readonly WireName[];
  readonly published: readonly number[];
  readonly lanes: readonly Lane[];
  readonly now: number;
}

/** The last ten seconds: when each message was published, and when it came to each lane. */
export function Timeline({ names, published, lanes, now }: TimelineProps) {
  const rows = names.map(
    (name): Pick<Lane, 'name' | 'state' | 'arrivals'> =>
      lanes.find((lane) => lane.name === name) ?? { name, state: { kind: 'opening' }, arrivals: [] },
  );
  const x = (time: number) => WIDTH * (1 - (now - time) / SPAN_MS);
  const rowOf = (index: number) => FIRST + ROW * (index + 1);
  const height = rowOf(rows.length - 1) + FIRST;
  return (
    <figure class="timeline">
      <ul aria-hidden="true" style={{ blockSize: `${height}px` }}>
        <li>Published</li>
        {rows.map(({ name, state }) => (
          <li key={name} class={state.kind === 'blocked' ? 'blocked' : undefined}>
            {wireFacts(name).label}
            {state.kind === 'blocked' && ', blocked'}
          </li>
        ))}
      </ul>
      <svg
        viewBox={`0 0 ${WIDTH} ${height}`}
        preserveAspectRatio="none"
        height={height}
        role="img"
        aria-label="When each message of the last ten seconds was published, and when it arrived on each lane"
      >
        {[FIRST, ...rows.map((_, index) => rowOf(index))].map((y) => (
          <line key={y} class="row" x1="0" x2={WIDTH} y1={y} y2={y} />
        ))}
        {published.map((time) => (
          <line key={time} class="published" x1={x(time)} x2={x(time)} y1={FIRST - 9} y2={FIRST + 9} />
        ))}
        {rows.flatMap(({ name, arrivals }, index) =>
          arrivals.map(({ sentAt, at }) => (
            <g key={`${name}${sentAt}`} style={{ '--t': wireFacts(name).colour }}>
              <line class="waited" x1={x(sentAt)} x2={x(at)} y1={rowOf(index)} y2={rowOf(index)} />
              <line class="arrived" x1={x(at)} x2={x(at)} y1={rowOf(index) - 9} y2={rowOf(index) + 9} />
            </g>
          )),
        )}
      </svg>
    </figure>
  );
}
