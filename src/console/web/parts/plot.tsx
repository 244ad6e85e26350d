import type { ComponentChildren } from 'preact';

/** The time that a plot shows, up to its right edge. */
const SPAN_MS = 120_000;
/** Points further apart than this are not joined, because nothing was measured in between. */
const BREAK_MS = 3500;
const HEIGHT = 100;

export interface Point {
  /** Unix milliseconds. */
  readonly time: number;
  readonly value: number;
}

/** One part of the whole. Its points are the sum of its own share and the shares of the layers before it. */
export interface Layer {
  readonly name: string;
  /** A CSS colour. */
  readonly colour: string;
  readonly points: readonly Point[];
}

interface PlotProps {
  readonly title: string;
  readonly points: readonly Point[];
  /** Value at the upper edge. */
  readonly top: number;
  readonly format: (value: number) => { readonly figure: string; readonly unit: string };
  /** Time at the right edge, in Unix milliseconds. Default: that of the newest point. */
  readonly until?: number;
  /** Fill the plot in place of one area, from the first upwards. */
  readonly layers?: readonly Layer[];
  /** Shown below the plot. */
  readonly children?: ComponentChildren;
}

/** The newest value in figures, and the last two minutes as a line. */
export function Plot({ title, points, top, format, until, layers, children }: PlotProps) {
  const now = until ?? points.at(-1)?.time ?? 0;
  const shown = points.filter(({ time }) => now - time <= SPAN_MS);
  const newest = shown.at(-1);
  const runs = unbrokenRuns(shown, now, top);
  const areas = layers
    ? layers.toReversed().map((layer) => ({ ...layer, runs: unbrokenRuns(layer.points, now, top) }))
    : [{ name: '', colour: undefined, runs }];
  const { figure, unit } =
    newest && isCurrent(newest, now) ? format(newest.value) : { figure: '–', unit: '' };
  const upper = format(top);
  return (
    <figure class="plot">
      <figcaption>{title}</figcaption>
      <p class="reading">
        {/* The unit's box is there from the first: alone the figure would stand a pixel higher. */}
        <span>{figure}</span> <small>{unit || '\u00a0'}</small>
      </p>
      <div class="canvas">
        <svg
          viewBox={`0 0 ${SPAN_MS} ${HEIGHT}`}
          preserveAspectRatio="none"
          role="img"
          aria-label={summary(title, shown, format)}
        >
          <line class="grid" x1="0" x2={SPAN_MS} y1={HEIGHT / 2} y2={HEIGHT / 2} />
          {areas.flatMap(({ name, colour, runs }) =>
            runs.map((run) => (
              <path
                key={name + run[0]}
                class="area"
                style={colour && { fill: colour }}
                d={`M${run[0]!.split(' ')[0]} ${HEIGHT}L${run.join('L')}V${HEIGHT}Z`}
              />
            )),
          )}
          {runs.map((run) => (
            <path key={run[0]} class="line" d={`M${run.join('L')}`} />
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
      {children}
    </figure>
  );
}

/** Whether a reading still holds at a time: another should have come since otherwise. */
export function isCurrent({ time }: { readonly time: number }, now: number): boolean {
  return now - time <= BREAK_MS;
}

/** The first round number that has room for all values. */
export function topOf(points: readonly Point[], min: number): number {
  const max = Math.max(min, ...points.map(({ value }) => value));
  const power = 10 ** Math.floor(Math.log10(max));
  return [1, 2, 5, 10].map((factor) => factor * power).find((top) => top >= max * 0.999)!;
}

/** The runs of points without a break, each point as its coordinates `x y`. */
function unbrokenRuns(points: readonly Point[], now: number, top: number): string[][] {
  const runs: string[][] = [];
  let before = Number.NEGATIVE_INFINITY;
  for (const { time, value } of points) {
    if (now - time > SPAN_MS) continue;
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
  const [min, max] = [Math.min(...values), Math.max(...values)].map((value) => {
    const { figure, unit } = format(value);
    return `${figure} ${unit}`.trim();
  });
  return `${title} over the last two minutes: ${min} to ${max}`;
}
