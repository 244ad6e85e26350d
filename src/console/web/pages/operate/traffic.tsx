import { TRANSPORT_NAMES } from '../../../../protocol/transport-name.ts';
import { connectionFacts } from '../../endpoints.ts';
import { isCurrent, type Layer, Plot, type Point, topOf } from '../../parts/plot.tsx';
import { percentile, type Sample, total } from './samples.ts';
import { metric, milliseconds } from './words.ts';

interface TrafficProps {
  readonly samples: readonly Sample[];
  /** The time at the plots' right edge, in Unix milliseconds: the figures of an older sample are not shown as today's. */
  readonly until: number;
  /** Upper bounds of the latency histogram, in seconds. */
  readonly bounds: readonly number[];
}

/** What the chosen nodes do, over the last two minutes. */
export function Traffic({ samples, until, bounds }: TrafficProps) {
  const points = (read: (sample: Sample) => number | undefined): Point[] =>
    samples.flatMap((sample) => {
      const value = read(sample);
      return value === undefined ? [] : { time: sample.time, value };
    });
  const plot = (title: string, read: (sample: Sample) => number | undefined, unit: string, min: number) => {
    const shown = points(read);
    const format = (value: number) => (unit === 'ms' ? milliseconds(value) : inMetric(value, unit));
    return <Plot title={title} points={shown} top={topOf(shown, min)} format={format} until={until} />;
  };
  return (
    <section aria-labelledby="traffic-title">
      <h2 id="traffic-title">
        Traffic <small>the last two minutes</small>
      </h2>
      <div class="plots">
        <Connections samples={samples} until={until} />
        {plot('Messages published', ({ published }) => published, '/s', 10)}
        {plot('Messages delivered', ({ delivered }) => delivered, '/s', 10)}
        {plot('Bytes sent', ({ bytes }) => bytes, 'B/s', 1000)}
        {plot(
          'Publish to write, 99th percentile',
          ({ latencyCounts }) => percentile(latencyCounts, bounds, 0.99),
          'ms',
          1,
        )}
        {plot('Lagging subscribers', ({ lagging }) => lagging, '', 10)}
        {plot('Gaps announced', ({ gaps }) => gaps, '/s', 10)}
        <Memory points={points(({ memoryBytes }) => memoryBytes)} until={until} />
        {plot('Event-loop delay', ({ eventLoopDelayMs }) => eventLoopDelayMs, 'ms', 10)}
      </div>
    </section>
  );
}

function Connections({ samples, until }: { samples: readonly Sample[]; until: number }) {
  const last = samples.at(-1);
  const newest = last && isCurrent(last, until) ? last.connections : undefined;
  const points = samples.map(({ time, connections }) => ({ time, value: total(connections) }));
  // Those of the SDK first, in their order.
  const listed = new Set([
    ...TRANSPORT_NAMES,
    ...samples.flatMap(({ connections }) => Object.keys(connections)).sort(),
  ]);
  const used = [...listed].filter((name) => samples.some(({ connections }) => connections[name]));
  const layers = used.map((name, index): Layer => {
    const upTo = used.slice(0, index + 1);
    const share = ({ connections }: Sample) => upTo.reduce((sum, each) => sum + (connections[each] ?? 0), 0);
    return {
      name,
      colour: connectionFacts(name).colour,
      points: samples.map((sample) => ({ time: sample.time, value: share(sample) })),
    };
  });
  return (
    <Plot
      title="Connections"
      points={points}
      top={topOf(points, 10)}
      format={(value) => inMetric(value, '')}
      until={until}
      layers={layers}
    >
      <ul class="legend">
        {used.map((name) => (
          <li key={name} style={{ '--layer': connectionFacts(name).colour }}>
            {connectionFacts(name).label}{' '}
            <b>{newest?.[name]?.toLocaleString('en') ?? (newest ? '0' : '–')}</b>
          </li>
        ))}
      </ul>
    </Plot>
  );
}

function Memory({ points, until }: { points: readonly Point[]; until: number }) {
  const max = Math.max(0, ...points.map(({ value }) => value));
  // A power of two, because memory is shown in powers of two.
  const top = 2 ** Math.ceil(Math.log2(Math.max(max * 1.1, 2 ** 26)));
  const format = (value: number) => {
    const { figure, prefix } = metric(value, 1024);
    return { figure, unit: `${prefix}iB` };
  };
  return <Plot title="Memory" points={points} top={top} format={format} until={until} />;
}

function inMetric(value: number, unit: string): { figure: string; unit: string } {
  const { figure, prefix } = metric(value);
  return { figure, unit: `${prefix}${unit}` };
}
