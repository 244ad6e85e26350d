import type { ChannelView, ConnectionView, FanwireHub } from '../../fanwire-hub.ts';
import { isOperatorChannel } from '../../hub/authorisation/operator-channel.ts';
import { publicId } from '../../hub/presence/public-id.ts';
import {
  type ChannelOrder,
  type ChannelRow,
  type ClientOrder,
  type ClientRow,
  compare,
  type Place,
  type RowsPage,
  type RowsQuery,
} from './reports.ts';

/** A list names so many channels of a client, and the page of one client so many. */
const LISTED_CHANNELS = 3;
const SHOWN_CHANNELS = 500;
/** Channels that are searched and sorted at once. */
const MAX_CHANNELS = 10_000;

/** Answers a view's question with rows of this process. @throws FanwireError `log_unavailable` */
export async function rowsOf(hub: FanwireHub, query: RowsQuery): Promise<RowsPage> {
  switch (query.of) {
    case 'clients':
      return clients(hub, query, query.by);
    case 'client': {
      const all = hub.connections();
      const found = all.filter(
        (view) => nameOf(view) === query.name || `${hub.node}.${view.id}` === query.name,
      );
      const rows = found.map((view) => ({
        value: view.since,
        key: keyOf(hub.node, view),
        row: clientRow(hub, view, SHOWN_CHANNELS),
      }));
      return { node: hub.node, asked: query.asked, total: all.length, matching: rows.length, rows };
    }
    case 'channels':
      return channels(hub, query, query.by, ({ channel }) => !isOperatorChannel(channel));
    case 'channel':
      return channels(
        hub,
        { ...query, search: query.name },
        'channel',
        ({ channel }) => channel === query.name,
      );
  }
}

/** Whether a connection fits a search: any of its words has the text in it. */
export function fits(view: ConnectionView, node: string, search: string): boolean {
  if (search === '') return true;
  const { transport, address, subject, channels, lagging, why } = view;
  const has = (word: string | undefined) => word?.toLowerCase().includes(search) ?? false;
  return (
    has(transport) ||
    has(address) ||
    has(subject) ||
    has(why) ||
    has(node) ||
    (lagging && has('lagging')) ||
    channels.some(has) ||
    has(nameOf(view))
  );
}

function clients(hub: FanwireHub, query: RowsQuery, by: ClientOrder): RowsPage<ClientRow> {
  const all = hub.connections();
  const search = query.search.toLowerCase();
  const matching = all.filter((view) => fits(view, hub.node, search));
  const placed = matching.map((view) => ({ value: clientValue(view, by), key: keyOf(hub.node, view), view }));
  const rows = pageOf(placed, query).map(({ value, key, view }) => ({
    value,
    key,
    row: clientRow(hub, view, LISTED_CHANNELS),
  }));
  return { node: hub.node, asked: query.asked, total: all.length, matching: matching.length, rows };
}

async function channels(
  hub: FanwireHub,
  query: RowsQuery,
  by: ChannelOrder,
  shown: (view: ChannelView) => boolean,
): Promise<RowsPage<ChannelRow>> {
  const { channels: listed, total } = await hub.channels({ most: MAX_CHANNELS, search: query.search });
  const matching = listed.filter(shown);
  const placed = matching.map((view) => ({ value: channelValue(view, by), key: view.channel, view }));
  const rows = await Promise.all(
    pageOf(placed, query).map(async ({ value, key, view }) => {
      // Readers on all processes, where none is chosen.
      const readers = query.node === undefined ? await hub.occupancy(view.channel) : view.readers;
      return { value, key, row: { ...view, readers, node: hub.node } };
    }),
  );
  const hidden = query.search === '' ? listed.length - matching.length : 0;
  return {
    node: hub.node,
    asked: query.asked,
    total: total - hidden,
    matching: query.search === '' ? total - hidden : matching.length,
    rows,
  };
}

/** The first rows behind the place where the page before ended. */
function pageOf<Row extends Place>(rows: readonly Row[], { after, descending, limit }: RowsQuery): Row[] {
  const sign = descending ? -1 : 1;
  const order = (a: Place, b: Place) => sign * compare(a, b);
  const behind = after ? rows.filter((row) => order(row, after) > 0) : [...rows];
  return behind.sort(order).slice(0, limit);
}

/** Of rows with one value the newest stands last; first, where the largest does. */
function keyOf(node: string, { since, id }: ConnectionView): string {
  return `${String(since).padStart(15, '0')} ${node} ${String(id).padStart(12, '0')}`;
}

function clientValue(view: ConnectionView, by: ClientOrder): string | number {
  switch (by) {
    case 'transport':
      return view.transport;
    case 'name':
      return nameOf(view);
    case 'channels':
      return view.channels.length;
    // Whatever lags comes before what does not, also while it is not known how far.
    case 'behind':
      return (view.behind ?? 0) + (view.lagging ? 1e12 : 0);
    case 'since':
      return view.since;
    case 'bytes':
      return view.bytes ?? 0;
  }
}

function channelValue({ channel, readers, retained }: ChannelView, by: ChannelOrder): string | number {
  switch (by) {
    case 'channel':
      return channel;
    case 'readers':
      return readers;
    case 'retained':
      return retained?.count ?? 0;
    case 'newest':
      return Number(retained?.newest.split('.')[1] ?? -1);
  }
}

function clientRow(hub: FanwireHub, view: ConnectionView, maxChannels: number): ClientRow {
  const { client, channels, ...rest } = view;
  return {
    ...rest,
    node: hub.node,
    ...(client !== undefined && { client: publicIdOf(client, view.subject) }),
    channels: channels.slice(0, maxChannels),
    channelCount: channels.length,
  };
}

/** By what a client is called in lists. */
function nameOf({ subject, client, address }: ConnectionView): string {
  return subject ?? (client === undefined ? address : publicIdOf(client, subject));
}

/** Kept, because ten thousand hashes take 20 ms. */
const publicIds = new Map<string, string>();
const MAX_PUBLIC_IDS = 50_000;

function publicIdOf(client: string, subject: string | undefined): string {
  // A client's id holds no space.
  const key = `${client} ${subject}`;
  let id = publicIds.get(key);
  if (id === undefined) {
    if (publicIds.size >= MAX_PUBLIC_IDS) publicIds.clear();
    publicIds.set(key, (id = publicId(client, subject)));
  }
  return id;
}
