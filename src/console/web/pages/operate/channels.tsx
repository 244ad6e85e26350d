import { useState } from 'preact/hooks';
import type { ChannelView } from '../../../../fanwire-hub.ts';
import type { ChannelsReport } from '../../../operate/reports.ts';
import { type Column, Table } from '../../parts/table.tsx';
import { FilterField } from './filter-field.tsx';
import { counted, emptySentence } from './words.ts';

/** What there is to read, and who reads it. */
export function Channels({ reports }: { reports: ReadonlyMap<string, ChannelsReport> }) {
  const [filter, setFilter] = useState('');
  const all = merged([...reports.values()].map(({ channels }) => channels));
  const total = Math.max(all.length, ...[...reports.values()].map((report) => report.total));
  const rows = all.filter(({ channel }) => channel.includes(filter.trim()));
  return (
    <section class="channels" aria-labelledby="channels-title">
      <h2 id="channels-title">
        Channels{' '}
        <small>
          {total > all.length
            ? `${counted(all.length, 'channel')} of ${total.toLocaleString('en')}: the most read, then the newest`
            : counted(total, 'channel')}
        </small>
      </h2>
      <div class="filter">
        <FilterField
          id="channel-filter"
          label="Filter the channels that are listed"
          placeholder="Filter by name"
          value={filter}
          onFilter={setFilter}
        />
      </div>
      <Table
        caption="Channels"
        columns={COLUMNS}
        rows={rows}
        keyOf={({ channel }) => channel}
        empty={emptySentence(filter, reports.size > 0, 'Nothing has been published or subscribed to yet.')}
      />
    </section>
  );
}

const COLUMNS: readonly Column<ChannelView>[] = [
  { title: 'Channel', by: ({ channel }) => channel, cell: ({ channel }) => <code>{channel}</code> },
  {
    title: 'Readers',
    by: ({ readers }) => readers,
    numeric: true,
    cell: ({ readers }) => readers.toLocaleString('en'),
  },
  {
    title: 'Retained',
    by: ({ retained }) => retained?.count ?? 0,
    numeric: true,
    cell: ({ retained }) => retained?.count.toLocaleString('en') ?? '–',
  },
  {
    title: 'Oldest',
    by: ({ retained }) => sequenceOf(retained?.oldest),
    numeric: true,
    cell: ({ retained }) => <code>{retained?.oldest ?? '–'}</code>,
  },
  {
    title: 'Newest',
    by: ({ retained }) => sequenceOf(retained?.newest),
    numeric: true,
    cell: ({ retained }) => <code>{retained?.newest ?? '–'}</code>,
  },
];

/** The most read first, then the newest. Readers are summed, because each node counts its own; the rest is of the log that they share. */
function merged(lists: readonly (readonly ChannelView[])[]): ChannelView[] {
  const channels = new Map<string, ChannelView>();
  for (const view of lists.flat()) {
    const known = channels.get(view.channel);
    channels.set(view.channel, known ? { ...known, ...view, readers: known.readers + view.readers } : view);
  }
  return [...channels.values()].sort(
    (a, b) => b.readers - a.readers || sequenceOf(b.retained?.newest) - sequenceOf(a.retained?.newest),
  );
}

function sequenceOf(id: string | undefined): number {
  return Number(id?.split('.')[1] ?? -1);
}
