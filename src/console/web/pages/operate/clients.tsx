import { useState } from 'preact/hooks';
import type { ClientOrder, ClientRow } from '../../../operate/reports.ts';
import { Confirm } from '../../parts/confirm.tsx';
import { ConnectionLabel } from '../../parts/connection-label.tsx';
import { type Column, Table } from '../../parts/table.tsx';
import { seconds } from '../../transports.ts';
import { ChannelLink } from './channels.tsx';
import { Pager, SearchField } from './list-parts.tsx';
import type { SendCommand } from './use-commands.ts';
import { PAGE_ROWS, useList } from './use-list.ts';
import { type Asked, useRows } from './use-rows.ts';
import { bytes, counted, duration, emptySentence } from './words.ts';

interface ClientsProps {
  readonly asked: Asked;
  /** Unix milliseconds. */
  readonly now: number;
  readonly send: SendCommand;
}

type Leaving =
  | { readonly kind: 'one'; readonly row: ClientRow }
  | { readonly kind: 'matching'; readonly search: string; readonly count: number };

/** Who is connected, and over what. At first those that lag come first. */
export function Clients({ asked, now, send }: ClientsProps) {
  const list = useList<ClientOrder>({ by: 'behind', descending: true });
  const [leaving, setLeaving] = useState<Leaving>();
  const { rows, total, matching } = useRows<ClientRow>(asked, {
    of: 'clients',
    ...list.order,
    search: list.search,
    limit: PAGE_ROWS,
    ...(list.after && { after: list.after }),
  });
  const columns: readonly Column<{ readonly row: ClientRow }, ClientOrder>[] = [
    ...COLUMNS,
    {
      title: 'Connected',
      by: 'since',
      numeric: true,
      cell: ({ row }) => (row.polls ? <Polls row={row} now={now} /> : duration(now - row.since)),
    },
    {
      title: 'Actions',
      cell: ({ row }) => (
        <button
          type="button"
          class="plain"
          // Between two polls there is nothing to close.
          disabled={row.id < 0}
          onClick={() => setLeaving({ kind: 'one', row })}
        >
          Disconnect<span class="unseen"> {nameOf(row)}</span>
        </button>
      ),
    },
  ];
  return (
    <section class="clients" aria-labelledby="clients-title">
      <h2 id="clients-title">
        Clients <small>{total === undefined ? '' : counted(total, 'connection')}</small>
      </h2>
      <div class="filter">
        <SearchField
          id="client-search"
          label="Search all clients"
          placeholder="Search: address, client, channel, transport, lagging"
          list={list}
        />
        <button
          type="button"
          class="plain"
          disabled={list.search === '' || !matching}
          onClick={() => setLeaving({ kind: 'matching', search: list.search, count: matching! })}
        >
          Disconnect these {(list.search && matching?.toLocaleString('en')) || ''}
        </button>
      </div>
      <Table
        caption="Connections"
        columns={columns}
        rows={rows}
        keyOf={({ key }) => key}
        classOf={({ row }) => (row.lagging ? 'lagging' : undefined)}
        empty={emptySentence(list.search, total, 'Nobody is connected.')}
        order={list.order}
        onOrder={list.setOrder}
      />
      <Pager list={list} rows={rows} matching={matching} what="clients" />
      {leaving && (
        <Leave leaving={leaving} node={asked.node} send={send} onClose={() => setLeaving(undefined)} />
      )}
    </section>
  );
}

interface LeaveProps {
  readonly leaving: Leaving;
  readonly node: string | undefined;
  readonly send: SendCommand;
  readonly onClose: () => void;
}

/** Asks before clients are disconnected. */
export function Leave({ leaving, node, send, onClose }: LeaveProps) {
  const one = leaving.kind === 'one';
  const disconnect = () =>
    one
      ? send({ kind: 'disconnect', node: leaving.row.node, ids: [leaving.row.id] })
      : send({ kind: 'disconnect-matching', search: leaving.search, ...(node !== undefined && { node }) });
  return (
    <Confirm
      title={one ? 'Disconnect this client' : `Disconnect ${counted(leaving.count, 'client')}`}
      action="Disconnect"
      onConfirm={() => void disconnect()}
      onClose={onClose}
    >
      <p>
        {one ? (
          <code>{nameOf(leaving.row)}</code>
        ) : (
          <>
            All whose row has <code>{leaving.search}</code> in it
          </>
        )}{' '}
        may come back, and then resume where they were.
      </p>
    </Confirm>
  );
}

const COLUMNS: readonly Column<{ readonly row: ClientRow }, ClientOrder>[] = [
  {
    title: 'Transport',
    by: 'transport',
    cell: ({ row: { transport, why } }) => (
      <>
        <ConnectionLabel transport={transport} />
        {why && <small class="why">after {why}</small>}
      </>
    ),
  },
  {
    title: 'Client',
    by: 'name',
    cell: ({ row }) => (
      <>
        <a href={`/operate/clients/${encodeURIComponent(addressOf(row))}`}>
          {(row.subject ?? row.client) ? <code>{row.subject ?? row.client}</code> : 'Without the SDK'}
        </a>
        <small>{row.address}</small>
      </>
    ),
  },
  { title: 'Channels', by: 'channels', cell: ({ row }) => <ChannelNames row={row} /> },
  {
    title: 'Behind',
    by: 'behind',
    numeric: true,
    cell: ({ row: { behind, lagging } }) => (
      <span class={lagging ? 'late' : undefined}>
        {behind === undefined ? '–' : behind.toLocaleString('en')}
        {lagging && <small>lagging</small>}
      </span>
    ),
  },
  { title: 'Sent', by: 'bytes', numeric: true, cell: ({ row }) => bytes(row.bytes) },
];

/** How often a client asks that has no connection in between. */
export function Polls({ row: { polls, since }, now }: { row: ClientRow; now: number }) {
  const { count, lastAt } = polls!;
  const every = count > 1 ? `every ${seconds((lastAt - since) / (count - 1))}` : 'once';
  return (
    <>
      {every} <small>last {duration(now - lastAt)} ago</small>
    </>
  );
}

function ChannelNames({ row: { channels, channelCount } }: { row: ClientRow }) {
  return (
    <span class="names">
      {channels.map((name) => (
        <ChannelLink key={name} name={name} />
      ))}
      {channelCount > channels.length && <small>and {channelCount - channels.length} more</small>}
      {channelCount === 0 && <small>none</small>}
    </span>
  );
}

/** A client of the SDK keeps its id when it connects anew; any other has its connection's number alone. */
function addressOf({ subject, client, node, id }: ClientRow): string {
  return subject ?? client ?? `${node}.${id}`;
}

export function nameOf({ subject, client, address }: ClientRow): string {
  return subject ?? client ?? address;
}
