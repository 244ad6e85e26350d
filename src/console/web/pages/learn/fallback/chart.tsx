import type { ComponentChildren } from 'preact';
import { TCP_TRANSPORTS } from '../../../../../protocol/transport-name.ts';
import { TransportLabel } from '../../../parts/transport-choice.tsx';
import { TRANSPORTS } from '../../../transports.ts';
import type { Journal } from './journal.ts';

/** The time that is shown, up to the right edge. */
const SPAN_MS = 60_000;
/** What is shorter could not be seen. */
const MIN_WIDTH_MS = 250;

/** Which transport was tried and which carried, over the last minute, and the waits between. */
export function Chart({ journal: { spans, waits }, now }: { journal: Journal; now: number }) {
  const bar = (kind: string, from: number, to: number) => (
    <rect
      key={`${kind} ${from}`}
      class={kind}
      x={SPAN_MS - (now - from)}
      y="4"
      width={Math.max(MIN_WIDTH_MS, to - from)}
      height="16"
    />
  );
  const recent = (to: number) => now - to < SPAN_MS;
  return (
    <div class="chart" aria-hidden="true">
      {TCP_TRANSPORTS.map((name) => (
        <div key={name} class="chart-row" style={{ '--t': TRANSPORTS[name].colour }}>
          <TransportLabel name={name} />
          <Lane>
            {spans
              .filter(({ transport, to }) => transport === name && recent(to ?? now))
              .map(({ kind, from, to }) => bar(kind, from, to ?? now))}
          </Lane>
        </div>
      ))}
      <div class="chart-row">
        <span class="transport">Waiting</span>
        <Lane>
          {waits
            .filter(({ until }) => recent(until))
            .map(({ from, until }) => bar('pausing', from, Math.min(until, now)))}
        </Lane>
      </div>
      <p class="axis">
        <span>1 minute ago</span>
        <span>now</span>
      </p>
    </div>
  );
}

function Lane({ children }: { children: ComponentChildren }) {
  return (
    <svg class="chart-lane" viewBox={`0 0 ${SPAN_MS} 24`} preserveAspectRatio="none" aria-hidden="true">
      {children}
    </svg>
  );
}
