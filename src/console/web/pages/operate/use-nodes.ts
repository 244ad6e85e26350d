import { useEffect, useReducer, useState } from 'preact/hooks';
import type { Client, Status } from '../../../../client/index.ts';
import { NODES_CHANNEL, type NodeReport, type NodeReports } from '../../../operate/reports.ts';
import type { Timed } from './samples.ts';

/** Stands for every refusal of these channels and requests. */
export const OPERATORS_ONLY = 'This takes the operator’s token, or one that grants console:*';

/** As long as reports are retained, and plots show. */
const KEPT_MS = 125_000;
/** After so long without a report a process is shown as silent. */
const MISSED_MS = 4_000;
/** After so long without a report, while others report, a process is not shown any more. */
const GONE_MS = 60_000;
/** How often silence is looked for, which no message tells of. */
const LOOK_MS = 1000;
/** Reports are gathered for so long, because hundreds come at once at first and should cost one drawing. */
const FLUSH_MS = 16;

export interface NodeHistory {
  readonly name: string;
  readonly reports: readonly Timed[];
  readonly last: NodeReport;
  /** How long the node has been silent; undefined while it reports as it should. */
  readonly silentMs: number | undefined;
}

export interface Nodes {
  /** The oldest process first. */
  readonly nodes: readonly NodeHistory[];
  /** Unix milliseconds by the hub's clock, because this browser's may differ. */
  readonly now: number;
}

/** Where the hub's clock stood when its newest report came, and this page's clock then. */
interface Heard {
  readonly histories: ReadonlyMap<string, readonly Timed[]>;
  readonly newest: number;
  readonly at: number;
}

/**
 * The processes of this hub with their reports. A process is known to be alive by its reports alone: each passes for silent
 * once they stay away, also where the connection stands, and all of them at once while there is none.
 */
export function useNodes(fanwire: Client, status: Status, onRefused: (reason: string) => void): Nodes {
  const [{ histories, newest, at }, setHeard] = useState<Heard>({ histories: new Map(), newest: 0, at: 0 });
  const [, look] = useReducer((count: number) => count + 1, 0);
  useEffect(() => {
    const timer = setInterval(look, LOOK_MS, undefined);
    return () => clearInterval(timer);
  }, []);
  useEffect(() => {
    let waiting: Timed[] = [];
    let timer: ReturnType<typeof setTimeout> | undefined;
    const flush = () => {
      const news = waiting;
      waiting = [];
      timer = undefined;
      setHeard((before) => {
        const latest = Math.max(before.newest, ...news.map(({ time }) => time));
        return {
          histories: extended(before.histories, news),
          newest: latest,
          at: latest > before.newest ? performance.now() : before.at,
        };
      });
    };
    const subscription = fanwire.subscribe<NodeReports>(NODES_CHANNEL, {
      last: 2000,
      onMessage: ({ data: { reports } }) => {
        waiting.push(...reports.map((report) => ({ time: report.time, report })));
        timer ??= setTimeout(flush, FLUSH_MS);
      },
      onError: () => onRefused(OPERATORS_ONLY),
    });
    return () => {
      clearTimeout(timer);
      subscription.close();
    };
  }, [fanwire, onRefused]);

  const now = newest + (newest > 0 ? performance.now() - at : 0);
  const missedMs = status.state === 'connected' ? MISSED_MS : 0;
  const nodes = [...histories]
    .map(([name, reports]) => {
      const { time, report } = reports.at(-1)!;
      return { name, reports, last: report, silentMs: now - time > missedMs ? now - time : undefined };
    })
    .filter(({ reports }) => newest - reports.at(-1)!.time < GONE_MS)
    .sort((a, b) => a.last.since - b.last.since || a.last.pid - b.last.pid);
  return { nodes, now };
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
