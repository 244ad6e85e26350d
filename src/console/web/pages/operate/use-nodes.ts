import { useEffect, useState } from 'preact/hooks';
import type { Client } from '../../../../client/index.ts';
import { NODES_CHANNEL, type NodeReport } from '../../../operate/reports.ts';
import type { Timed } from './samples.ts';

/** Stands for every refusal of these channels and requests. */
export const OPERATORS_ONLY = 'This takes the operator’s token, or one that grants console:*';

/** As long as reports are retained, and plots show. */
const KEPT_MS = 125_000;
/** After so long without a report, while others report, a process is shown as silent, and later not at all. */
const MISSED_MS = 4_000;
const GONE_MS = 60_000;
/** Reports are gathered for so long, because hundreds come at once at first and should cost one drawing. */
const FLUSH_MS = 16;

export interface NodeHistory {
  readonly name: string;
  readonly reports: readonly Timed[];
  readonly last: NodeReport;
  /** How long the node has been silent while others reported; undefined while it reports as it should. */
  readonly silentMs: number | undefined;
}

/** The processes of this hub with their reports, the oldest process first. */
export function useNodes(fanwire: Client, onRefused: (reason: string) => void): readonly NodeHistory[] {
  const [histories, setHistories] = useState<ReadonlyMap<string, readonly Timed[]>>(new Map());
  useEffect(() => {
    let waiting: Timed[] = [];
    let timer: ReturnType<typeof setTimeout> | undefined;
    const flush = () => {
      const news = waiting;
      waiting = [];
      timer = undefined;
      setHistories((before) => extended(before, news));
    };
    const subscription = fanwire.subscribe<NodeReport>(NODES_CHANNEL, {
      last: 2000,
      onMessage: ({ time, data }) => {
        waiting.push({ time, report: data });
        timer ??= setTimeout(flush, FLUSH_MS);
      },
      onError: () => onRefused(OPERATORS_ONLY),
    });
    return () => {
      clearTimeout(timer);
      subscription.close();
    };
  }, [fanwire, onRefused]);

  const newest = Math.max(0, ...[...histories.values()].map((reports) => reports.at(-1)!.time));
  return [...histories]
    .map(([name, reports]) => {
      const { time, report } = reports.at(-1)!;
      const agoMs = newest - time;
      return { name, reports, last: report, silentMs: agoMs > MISSED_MS ? agoMs : undefined };
    })
    .filter(({ silentMs = 0 }) => silentMs < GONE_MS)
    .sort((a, b) => a.last.since - b.last.since || a.last.pid - b.last.pid);
}

function extended(before: ReadonlyMap<string, readonly Timed[]>, news: readonly Timed[]) {
  const after = new Map(before);
  for (const timed of news) {
    const known = after.get(timed.report.node) ?? [];
    // A new connection brings the history again.
    if (timed.time > (known.at(-1)?.time ?? 0)) after.set(timed.report.node, [...known, timed]);
  }
  const newest = Math.max(0, ...news.map(({ time }) => time));
  for (const [name, reports] of after) {
    const kept = reports.filter(({ time }) => newest - time < KEPT_MS);
    if (kept.length > 0) after.set(name, kept);
    else after.delete(name);
  }
  return after;
}
