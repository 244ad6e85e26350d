import type { FanwireHub } from '../../fanwire-hub.ts';
import type { ChannelRule } from '../../hub/authorisation/channel-rule.ts';
import type { HubOptions } from '../../hub/options.ts';
import { FanwireError } from '../../protocol/errors.ts';
import { periodically } from '../readings.ts';
import { commandRequests, obeyCommands } from './commands.ts';
import { NodeReporter } from './node-report.ts';
import { COMMANDS_CHANNEL, NODES_CHANNEL } from './reports.ts';
import { SnapshotPublisher, snapshotsOf } from './snapshots.ts';

const PERIOD_MS = 1000;
/** After a report a node rests so many times as long as the report took, because a hundred thousand connections take 30 ms to count. */
const REPORT_REST = 100;
/** Bounds that rest, so that a busy node is still heard of. */
const MAX_REPORT_REST_MS = 2000;

/** Two minutes of the reports of sixteen processes. */
const NODES_RETAINED = { count: 2000, ageMs: 125_000 };
/** The last snapshot is enough for a page that comes. An old one is of a process that is gone. */
const SNAPSHOTS_RETAINED = { count: 1, ageMs: 10_000 };

/** Only the hub publishes, and only a token that names the channel may read it. */
const RULE: ChannelRule = { read: 'granted', publish: 'nobody', presence: false };

/** The server's side of the page Operate, in each process of a hub. */
export interface OperateServer {
  readonly options: Required<Pick<HubOptions, 'channels' | 'requests'>>;
  /** Begins to report this process, and to obey commands. Returns a function that stops both. */
  start(hub: FanwireHub): () => void;
}

export function openOperate(): OperateServer {
  let started: FanwireHub | undefined;
  return {
    options: {
      channels: {
        [NODES_CHANNEL]: { ...RULE, retain: NODES_RETAINED },
        [COMMANDS_CHANNEL]: { ...RULE, retain: { count: 100, ageMs: 60_000 } },
        'console:connections:*': { ...RULE, retain: SNAPSHOTS_RETAINED },
        'console:channels:*': { ...RULE, retain: SNAPSHOTS_RETAINED },
      },
      requests: commandRequests(() => {
        if (started) return started;
        throw new FanwireError('draining', 'this process has only begun: ask again', { retryAfter: 1 });
      }),
    },
    start(hub) {
      started = hub;
      const stopObeying = obeyCommands(hub);
      const stopReporting = report(hub);
      return () => {
        stopReporting();
        stopObeying();
      };
    },
  };
}

function report(hub: FanwireHub): () => void {
  const reporter = new NodeReporter(hub);
  const publisher = new SnapshotPublisher(hub);
  const snapshots = snapshotsOf(hub.node);
  let state: 'idle' | 'looking' = 'idle';
  // While the log is slow snapshots are left out. While it is away the hub itself reports it.
  const look = async () => {
    if (state === 'looking') return;
    state = 'looking';
    await publisher.look(snapshots).catch(() => {});
    state = 'idle';
  };
  let restsUntil = 0;
  const tell = () => {
    const began = performance.now();
    if (began < restsUntil) return;
    void hub.publish(NODES_CHANNEL, reporter.take()).catch(() => {});
    restsUntil = began + Math.min(MAX_REPORT_REST_MS, REPORT_REST * (performance.now() - began));
  };
  const end = periodically(PERIOD_MS, () => {
    void look();
    tell();
  });
  return () => {
    end();
    reporter.stop();
  };
}
