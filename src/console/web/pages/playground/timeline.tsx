import { TCP_TRANSPORTS } from '../../../../protocol/transport-name.ts';
import { type Lane, SPAN_MS } from '../../measure/lane.ts';
import { labelOf, TRANSPORTS } from '../../transports.ts';

const WIDTH = 1000;
const ROW = 28;
const FIRST = 16;

interface TimelineProps {
  readonly published: readonly number[];
  readonly lanes: readonly Lane[];
  readonly now: number;
}

/** The last ten seconds: when each message was published, and when it came to each lane. */
export function Timeline({ published, lanes, now }: TimelineProps) {
  // A row for each transport from the first, so that nothing moves when the lanes open.
  const rows = TCP_TRANSPORTS.map(
    (transport): Pick<Lane, 'transport' | 'state' | 'arrivals'> =>
      lanes.find((lane) => lane.transport === transport) ?? {
        transport,
        state: { kind: 'opening' },
        arrivals: [],
      },
  );
  const x = (time: number) => WIDTH * (1 - (now - time) / SPAN_MS);
  const rowOf = (index: number) => FIRST + ROW * (index + 1);
  const height = rowOf(rows.length - 1) + FIRST;
  return (
    <figure class="timeline">
      <ul aria-hidden="true" style={{ blockSize: `${height}px` }}>
        <li>Published</li>
        {rows.map(({ transport, state }) => (
          <li key={transport} class={state.kind === 'blocked' ? 'blocked' : undefined}>
            {labelOf(transport)}
            {state.kind === 'blocked' && ', blocked'}
          </li>
        ))}
      </ul>
      <svg
        viewBox={`0 0 ${WIDTH} ${height}`}
        preserveAspectRatio="none"
        height={height}
        role="img"
        aria-label="When each message of the last ten seconds was published, and when it arrived on each transport"
      >
        {[FIRST, ...rows.map((_, index) => rowOf(index))].map((y) => (
          <line key={y} class="row" x1="0" x2={WIDTH} y1={y} y2={y} />
        ))}
        {published.map((time) => (
          <line key={time} class="published" x1={x(time)} x2={x(time)} y1={FIRST - 9} y2={FIRST + 9} />
        ))}
        {rows.flatMap(({ transport, arrivals }, index) =>
          arrivals.map(({ sentAt, at }) => (
            <g key={`${transport}${sentAt}`} style={{ '--t': TRANSPORTS[transport].colour }}>
              <line class="waited" x1={x(sentAt)} x2={x(at)} y1={rowOf(index)} y2={rowOf(index)} />
              <line class="arrived" x1={x(at)} x2={x(at)} y1={rowOf(index) - 9} y2={rowOf(index) + 9} />
            </g>
          )),
        )}
      </svg>
    </figure>
  );
}
