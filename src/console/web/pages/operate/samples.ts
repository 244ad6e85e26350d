import type { NodeReport } from '../../../operate/reports.ts';

/** What one process, or several together, did in about a second. The rates are per second. */
export interface Sample {
  /** Unix milliseconds. */
  readonly time: number;
  /** Open connections by transport. */
  readonly connections: Readonly<Record<string, number>>;
  readonly published: number;
  readonly delivered: number;
  readonly bytes: number;
  readonly gaps: number;
  readonly lagging: number;
  readonly memoryBytes: number;
  readonly eventLoopDelayMs: number;
  /** The latency histogram of HubStats: ticks by the longest time from append to write in them. */
  readonly latencyCounts: readonly number[];
}

export interface Timed {
  readonly time: number;
  readonly report: NodeReport;
}

/** A sample counts for so long, because a process's reports come a little late now and then. */
const HOLD_MS = 3500;
const SECONDS = 120;

/** What happened between each two reports of one process. */
export function samplesOf(reports: readonly Timed[]): Sample[] {
  return reports.slice(1).map(({ time, report }, index) => {
    const before = reports[index]!;
    const seconds = Math.max(0.1, (time - before.time) / 1000);
    const { stats: now, memoryBytes, eventLoopDelayMs } = report;
    const { stats: then } = before.report;
    return {
      time,
      connections: now.connections,
      published: (now.messages - then.messages) / seconds,
      delivered: (now.deliveries - then.deliveries) / seconds,
      bytes: (now.bytes - then.bytes) / seconds,
      gaps: (total(now.gaps) - total(then.gaps)) / seconds,
      lagging: now.lagging,
      memoryBytes,
      eventLoopDelayMs,
      latencyCounts: now.latency.counts.map((count, bucket) => count - then.latency.counts[bucket]!),
    };
  });
}

/** The sum of several processes at each full second. */
export function together(all: readonly (readonly Sample[])[]): readonly Sample[] {
  if (all.length === 1) return all[0]!;
  const newest = Math.max(0, ...all.map((samples) => samples.at(-1)?.time ?? 0));
  const last = Math.floor(newest / 1000) * 1000;
  return Array.from({ length: SECONDS }, (_, index) => last - (SECONDS - 1 - index) * 1000).flatMap(
    (time) => {
      const held = all.flatMap((samples) => {
        const sample = samples.findLast((each) => each.time <= time);
        return sample && time - sample.time <= HOLD_MS ? sample : [];
      });
      return held.length > 0 ? { ...held.reduce(sum), time } : [];
    },
  );
}

/** The latency in milliseconds that this share of the ticks did not exceed; undefined without ticks. */
export function percentile(
  counts: readonly number[],
  bounds: readonly number[],
  share: number,
): number | undefined {
  const wanted = total(counts) * share;
  let seen = 0;
  for (const [bucket, count] of counts.entries()) {
    if (count === 0) continue;
    const [from, to] = [bounds[bucket - 1] ?? 0, bounds[bucket] ?? bounds.at(-1)!];
    // Ticks are taken to be spread evenly within their bucket.
    if (seen + count >= wanted) return 1000 * (from + (to - from) * ((wanted - seen) / count));
    seen += count;
  }
  return undefined;
}

export function total(counts: readonly number[] | Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

function sum(a: Sample, b: Sample): Sample {
  return {
    time: b.time,
    connections: addUp(a.connections, b.connections),
    published: a.published + b.published,
    delivered: a.delivered + b.delivered,
    bytes: a.bytes + b.bytes,
    gaps: a.gaps + b.gaps,
    lagging: a.lagging + b.lagging,
    memoryBytes: a.memoryBytes + b.memoryBytes,
    eventLoopDelayMs: Math.max(a.eventLoopDelayMs, b.eventLoopDelayMs),
    latencyCounts: a.latencyCounts.map((count, bucket) => count + b.latencyCounts[bucket]!),
  };
}

export function addUp(
  a: Readonly<Record<string, number>>,
  b: Readonly<Record<string, number>>,
): Record<string, number> {
  const sums = { ...a };
  for (const [name, count] of Object.entries(b)) sums[name] = (sums[name] ?? 0) + count;
  return sums;
}
