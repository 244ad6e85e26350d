import type { FanwireHub } from '../../fanwire-hub.ts';
import type { ChannelRule } from '../../hub/authorisation/channel-rule.ts';
import type { HubOptions } from '../../hub/options.ts';
import { FanwireError } from '../../protocol/errors.ts';
import { periodically } from '../readings.ts';
import type { Watched } from '../watched.ts';
import { commandRequests, obeyCommands } from './commands.ts';
import { Looks } from './looks.ts';
import { NodeReporter } from './node-report.ts';
import { COMMANDS_CHANNEL, NODES_CHANNEL, type NodeReport, type NodeReports } from './reports.ts';

const PERIOD_MS = 1000;
/** After a report a node rests so many times as long as the report took, because a hundred thousand connections take 30 ms to count. */
const REPORT_REST = 100;
/** Bounds that rest, so that a busy node is still heard of. */
const MAX_REPORT_REST_MS = 2000;
/** Reports that a process keeps for whoever comes to look: two minutes. */
const KEPT_REPORTS = 120;

/** Two minutes of the reports of sixteen processes. */
const NODES_RETAINED = { count: 2000, ageMs: 125_000 };
/** A page that polls finds what came between. */
const ROWS_RETAINED = { count: 32, ageMs: 10_000 };

/** Only the hub publishes, and only a token that names the channel may read it. */
const RULE: ChannelRule = { read: 'granted', publish: 'nobody', presence: false };

/** The server's side of the page Operate, in each process of a hub. */
export interface OperateServer {
  readonly options: Required<Pick<HubOptions, 'channels' | 'requests'>>;
  /** Begins to obey commands, and to report this process to whoever looks. Returns a function that stops both. */
  start(hub: FanwireHub): () => void;
}

export function openOperate(watched: Watched): OperateServer {
  let started: FanwireHub | undefined;
  return {
    options: {
      channels: {
        [NODES_CHANNEL]: { ...RULE, retain: NODES_RETAINED },
        [COMMANDS_CHANNEL]: { ...RULE, retain: { count: 100, ageMs: 60_000 } },
        'console:rows:*': { ...RULE, retain: ROWS_RETAINED },
      },
      requests: commandRequests(() => {
        if (started) return started;
        throw new FanwireError('draining', 'this process has only begun: ask again', { retryAfter: 1 });
      }),
    },
    start(hub) {
      started = hub;
      const looks = new Looks(hub);
      const stopObeying = obeyCommands(hub, looks);
      const stopReporting = report(hub, watched);
      return () => {
        stopReporting();
        stopObeying();
        looks.stop();
      };
    },
  };
}

/** Takes a reading a second. While nobody looks they are kept here, so that an operator who comes sees what led there. */
function report(hub: FanwireHub, watched: Watched): () => void {
  const reporter = new NodeReporter(hub);
  let kept: NodeReport[] = [];
  let restsUntil = 0;
  const tell = () => {
    const reports = kept;
    kept = [];
    void hub.publish(NODES_CHANNEL, { reports } satisfies NodeReports).catch(() => {});
  };
  watched.add(NODES_CHANNEL, () => kept.length > 0 && tell());
  const end = periodically(PERIOD_MS, () => {
    const began = performance.now();
    if (began < restsUntil) return;
    kept = [...kept.slice(1 - KEPT_REPORTS), reporter.take()];
    restsUntil = began + Math.min(MAX_REPORT_REST_MS, REPORT_REST * (performance.now() - began));
    if (watched.has(NODES_CHANNEL)) tell();
  });
  return () => {
    end();
    reporter.stop();
  };
}
