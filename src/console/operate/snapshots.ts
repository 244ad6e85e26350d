import type { ConnectionView, FanwireHub } from '../../fanwire-hub.ts';
import { isOperatorChannel } from '../../hub/authorisation/operator-channel.ts';
import { publicId } from '../../hub/presence/public-id.ts';
import {
  type ChannelsReport,
  type ConnectionsReport,
  channelsChannel,
  connectionsChannel,
} from './reports.ts';

/** A snapshot lists at most so many, so that at most 30 kB a second go to a page that watches. */
const LISTED = 100;

/** After a snapshot a node rests so many times as long as the snapshot took: ten thousand connections take some 25 ms. */
const REST = 20;

/** How a snapshot of this process is taken, and its channel. */
export interface Snapshot {
  readonly channel: string;
  take(hub: FanwireHub): object | Promise<object>;
}

export function snapshotsOf(node: string): readonly Snapshot[] {
  return [
    { channel: connectionsChannel(node), take: connectionsOf },
    { channel: channelsChannel(node), take: channelsOf },
  ];
}

/** Publishes each snapshot whose channel has a reader, if it differs from the last. */
export class SnapshotPublisher {
  readonly #hub: FanwireHub;
  readonly #published = new Map<Snapshot, string>();
  /** When each snapshot may be taken again. */
  readonly #restsUntil = new Map<Snapshot, number>();

  constructor(hub: FanwireHub) {
    this.#hub = hub;
  }

  /** @throws FanwireError `log_unavailable` */
  async look(snapshots: readonly Snapshot[]): Promise<void> {
    for (const snapshot of snapshots) {
      if ((await this.#hub.occupancy(snapshot.channel)) === 0) this.#published.delete(snapshot);
      else await this.#publish(snapshot);
    }
  }

  async #publish(snapshot: Snapshot): Promise<void> {
    const began = performance.now();
    if (began < (this.#restsUntil.get(snapshot) ?? 0)) return;
    const report = await snapshot.take(this.#hub);
    this.#restsUntil.set(snapshot, began + REST * (performance.now() - began));
    const text = JSON.stringify(report);
    if (text === this.#published.get(snapshot)) return;
    await this.#hub.publish(snapshot.channel, report);
    this.#published.set(snapshot, text);
  }
}

function connectionsOf(hub: FanwireHub): ConnectionsReport {
  const all = hub.connections();
  const connections = all.sort(byInterest).slice(0, LISTED).map(forOthers);
  return { total: all.length, connections };
}

async function channelsOf(hub: FanwireHub): Promise<ChannelsReport> {
  const { channels, total } = await hub.channels({ most: 2 * LISTED });
  const shown = channels.filter(({ channel }) => !isOperatorChannel(channel));
  return { channels: shown.slice(0, LISTED), total: total - (channels.length - shown.length) };
}

function byInterest(a: ConnectionView, b: ConnectionView): number {
  return Number(b.lagging) - Number(a.lagging) || (b.behind ?? 0) - (a.behind ?? 0) || b.id - a.id;
}

/** Replaces a client's id by the one that its presence shows, because whoever knows the real id could speak for the client. */
function forOthers({ client, ...view }: ConnectionView): ConnectionView {
  return client === undefined ? view : { ...view, client: publicId(client, view.subject) };
}
