/** What the plot shows, counted back from the newest point. */
const SPAN_MS = 120_000;
/** Points further apart than this are not joined: nothing was measured in between. */
const BREAK_MS = 3500;
const HEIGHT = 100;

export interface Point {
  /** Unix milliseconds. */
  readonly time: number;
  readonly value: number;
}

interface PlotProps {
  readonly title: string;
  readonly points: readonly Point[];
  /** Value at the upper edge. */
  readonly top: number;
  readonly format: (value: number) => { readonly figure: string; readonly unit: string };
}

/** The newest value in figures, and the last two minutes as a line. */
export function Plot({ title, points, top, format }: PlotProps) {
  const newest = points.at(-1);
  const shown = newest ? points.filter(({ time }) => newest.time - time <= SPAN_MS) : [];
  const runs = newest ? unbrokenRuns(shown, newest.time, top) : [];
  // The unit's box is there from the first: alone the figure would stand a pixel higher.
  const { figure, unit } = newest ? format(newest.value) : { figure: '–', unit: '\u00a0' };
  const upper = format(top);
  return (
    <figure class="plot">
      <figcaption>{title}</figcaption>
      <p class="reading">
        <span>{figure}</span> <small>{unit}</small>
      </p>
      <div class="canvas">
        <svg
          viewBox={`0 0 ${SPAN_MS} ${HEIGHT}`}
          preserveAspectRatio="none"
          role="img"
          aria-label={summary(title, shown, format)}
        >
          <line class="grid" x1="0" x2={SPAN_MS} y1={HEIGHT / 2} y2={HEIGHT / 2} />
          {runs.map((run) => (
            <g key={run[0]}>
              <path class="area" d={`M${run[0]!.split(' ')[0]} ${HEIGHT}L${run.join('L')}V${HEIGHT}Z`} />
              <path class="line" d={`M${run.join('L')}`} />
            </g>
          ))}
        </svg>
        <span class="top">
          {upper.figure} {upper.unit}
        </span>
      </div>
      <p class="axis" aria-hidden="true">
        <span>2 minutes ago</span>
        <span>now</span>
      </p>
    </figure>
  );
}

/** Each run as the coordinates of its points, `x y`. */
function unbrokenRuns(points: readonly Point[], now: number, top: number): string[][] {
  const runs: string[][] = [];
  let before = Number.NEGATIVE_INFINITY;
  for (const { time, value } of points) {
    if (time - before > BREAK_MS) runs.push([]);
    const y = HEIGHT * (1 - Math.min(value / top, 1));
    runs.at(-1)!.push(`${SPAN_MS - (now - time)} ${y.toFixed(2)}`);
    before = time;
  }
  return runs;
}

function summary(title: string, points: readonly Point[], format: PlotProps['format']): string {
  if (points.length === 0) return `${title}: no reading yet`;
  const values = points.map(({ value }) => value);
  const [least, most] = [Math.min(...values), Math.max(...values)].map((value) => {
    const { figure, unit } = format(value);
    return `${figure} ${unit}`;
  });
  return `${title} over the last two minutes: ${least} to ${most}`;
}
