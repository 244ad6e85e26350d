import type { ChannelOrder, ChannelRow } from '../../../operate/reports.ts';
import { type Column, Table } from '../../parts/table.tsx';
import { Pager, SearchField } from './list-parts.tsx';
import { PAGE_ROWS, useList } from './use-list.ts';
import { type Asked, useRows } from './use-rows.ts';
import { counted, emptySentence } from './words.ts';

/** What there is to read, and how many read it. */
export function Channels({ asked }: { asked: Asked }) {
  const list = useList<ChannelOrder>({ by: 'readers', descending: true });
  const { rows, total, matching } = useRows<ChannelRow>(asked, {
    of: 'channels',
    ...list.order,
    search: list.search,
    limit: PAGE_ROWS,
    ...(list.after && { after: list.after }),
  });
  return (
    <section class="channels" aria-labelledby="channels-title">
      <h2 id="channels-title">
        Channels <small>{total === undefined ? '' : counted(total, 'channel')}</small>
      </h2>
      <div class="filter">
        <SearchField
          id="channel-search"
          label="Search all channels"
          placeholder="Search by name"
          list={list}
        />
      </div>
      <Table
        caption="Channels"
        columns={COLUMNS}
        rows={rows}
        keyOf={({ key }) => key}
        empty={emptySentence(list.search, total, 'Nothing has been published or subscribed to yet.')}
        order={list.order}
        onOrder={list.setOrder}
      />
      <Pager list={list} rows={rows} matching={matching} what="channels" />
    </section>
  );
}

const COLUMNS: readonly Column<{ readonly row: ChannelRow }, ChannelOrder>[] = [
  { title: 'Channel', by: 'channel', cell: ({ row }) => <ChannelLink name={row.channel} /> },
  { title: 'Readers', by: 'readers', numeric: true, cell: ({ row }) => row.readers.toLocaleString('en') },
  {
    title: 'Retained',
    by: 'retained',
    numeric: true,
    cell: ({ row }) => row.retained?.count.toLocaleString('en') ?? '–',
  },
  {
    title: 'Newest',
    by: 'newest',
    numeric: true,
    cell: ({ row }) => <code>{row.retained?.newest ?? '–'}</code>,
  },
];

/** Leads to the page of a channel. */
export function ChannelLink({ name }: { name: string }) {
  return (
    <a href={`/operate/channels/${name}`} title={name}>
      <code>{name}</code>
    </a>
  );
}
