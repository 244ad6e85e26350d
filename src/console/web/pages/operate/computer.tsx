import { useEffect, useState } from 'preact/hooks';
import type { Client } from '../../../../client/index.ts';
import type { ComputerReading } from '../../../computer.ts';
import { Plot, type Point } from '../../parts/plot.tsx';

const KEPT = 120;
const GIBIBYTE = 2 ** 30;
const DELAY_TOPS_MS = [5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000];

interface Timed {
  readonly time: number;
  readonly data: ComputerReading;
}

interface ComputerProps {
  readonly fanwire: Client;
  /** Time at the plots' right edge, in Unix milliseconds. */
  readonly now: number;
}

/** The computer of the first node, which publishes its readings once a second while somebody reads them. */
export function Computer({ fanwire, now }: ComputerProps) {
  const [readings, setReadings] = useState<readonly Timed[]>([]);
  useEffect(() => {
    const subscription = fanwire.subscribe('console:computer', {
      last: KEPT,
      onMessage: ({ time, data }) =>
        setReadings((before) => {
          // A new connection brings the history again.
          if (time <= (before.at(-1)?.time ?? 0)) return before;
          return [...before, { time, data: data as ComputerReading }].slice(-KEPT);
        }),
      // The nodes' reports are refused as well, and tell of it.
      onError() {},
    });
    return () => subscription.close();
  }, [fanwire]);

  const points = (read: (reading: ComputerReading) => number): Point[] =>
    readings.map(({ time, data }) => ({ time, value: read(data) }));
  const delays = points((reading) => reading.eventLoopDelayMs);
  const longest = Math.max(0, ...delays.map(({ value }) => value));

  return (
    <section class="computer" aria-labelledby="computer-title">
      <h2 id="computer-title">
        Computer{' '}
        <small>
          of the first node, on <code>console:computer</code>
        </small>
      </h2>
      <div class="plots">
        <Plot
          until={now}
          title="Processor load"
          points={points((reading) => reading.load)}
          top={1}
          format={(value) => ({ figure: String(Math.round(value * 100)), unit: '%' })}
        />
        <Plot
          until={now}
          title="Memory in use"
          points={points((reading) => reading.memory.usedBytes)}
          top={readings.at(-1)?.data.memory.totalBytes ?? GIBIBYTE}
          format={(value) => ({ figure: (value / GIBIBYTE).toFixed(1), unit: 'GiB' })}
        />
        <Plot
          until={now}
          title="Event-loop delay of the hub"
          points={delays}
          top={DELAY_TOPS_MS.find((top) => top >= longest) ?? longest}
          format={(value) => ({
            figure: value < 10 && value % 1 ? value.toFixed(1) : value.toFixed(0),
            unit: 'ms',
          })}
        />
      </div>
    </section>
  );
}
