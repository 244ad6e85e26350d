import type { Herd } from '../../../../../crowd/crowd-report.ts';

/** Both charts show so long after the publish. */
const SPAN_MS = 3000;
const COLUMN_MS = 20;
const HEIGHT = 100;

interface ChartProps {
  readonly title: string;
  readonly herd: Herd | undefined;
  /** The other one, so that both have one scale. */
  readonly beside: Herd | undefined;
}

/** The requests that followed a publish, over time. */
export function HerdChart({ title, herd, beside }: ChartProps) {
  const columns = columnsOf(herd);
  const top = Math.max(1, ...columns, ...columnsOf(beside));
  return (
    <figure class="herd">
      <figcaption>
        <b>{title}</b> {herd ? figuresOf(herd) : 'not yet'}
      </figcaption>
      <div class="canvas">
        <svg
          viewBox={`0 0 ${SPAN_MS} ${HEIGHT}`}
          preserveAspectRatio="none"
          role="img"
          aria-label={`${title}: ${herd ? `at most ${peakOf(herd)} requests in ${herd.stepMs} ms` : 'no reading yet'}`}
        >
          {columns.map((count, index) => {
            const height = (count / top) * HEIGHT;
            return (
              <rect
                key={index}
                x={index * COLUMN_MS}
                y={HEIGHT - height}
                width={COLUMN_MS * 0.8}
                height={height}
              />
            );
          })}
        </svg>
      </div>
      <p class="axis" aria-hidden="true">
        <span>published</span>
        {top > 1 && (
          <span>
            as high as {top} requests in {COLUMN_MS} ms
          </span>
        )}
        <span>{SPAN_MS / 1000} s later</span>
      </p>
    </figure>
  );
}

export function herdWords(herd: Herd | undefined, spread: Herd | undefined): string | undefined {
  if (!herd) return undefined;
  const words = `All were answered within ${Math.round(herd.answeredMs)} ms, and ${totalOf(herd)} requests came in the ${lastOf(herd)} ms from the publish on: at most ${peakOf(herd)} in ${herd.stepMs} ms.`;
  return spread
    ? `${words} Spread over ${spread.spreadMs / 1000} s at most ${peakOf(spread)} came in ${spread.stepMs} ms.`
    : words;
}

function figuresOf(herd: Herd): string {
  return `${totalOf(herd).toLocaleString('en')} requests within ${lastOf(herd)} ms, at most ${peakOf(herd)} in ${herd.stepMs} ms; the hub’s event loop stood still for ${Math.round(herd.longestDelayMs)} ms at the longest`;
}

function columnsOf(herd: Herd | undefined): number[] {
  if (!herd) return [];
  const steps = COLUMN_MS / herd.stepMs;
  return Array.from({ length: SPAN_MS / COLUMN_MS }, (_, column) =>
    sum(herd.steps.slice(column * steps, (column + 1) * steps)),
  );
}

const peakOf = ({ steps }: Herd) => Math.max(0, ...steps);

const totalOf = ({ steps }: Herd) => sum(steps);

/** When the last of them came, in milliseconds. */
const lastOf = ({ steps, stepMs }: Herd) => steps.length * stepMs;

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}
