import { useState } from 'preact/hooks';
import type { ConnectionView } from '../../../../fanwire-hub.ts';
import { TRANSPORT_NAMES } from '../../../../protocol/transport-name.ts';
import type { ConnectionsReport } from '../../../operate/reports.ts';
import { Confirm } from '../../parts/confirm.tsx';
import { type Column, Table } from '../../parts/table.tsx';
import { TransportLabel } from '../../parts/transport-choice.tsx';
import { FilterField } from './filter-field.tsx';
import type { SendCommand } from './use-commands.ts';
import { counted, duration, emptySentence } from './words.ts';

interface Row extends ConnectionView {
  readonly node: string;
}

interface ClientsProps {
  readonly reports: ReadonlyMap<string, ConnectionsReport>;
  /** Unix milliseconds. */
  readonly now: number;
  readonly send: SendCommand;
}

/** Who is connected, and over what. Those that lag come first. */
export function Clients({ reports, now, send }: ClientsProps) {
  const [filter, setFilter] = useState('');
  const [leaving, setLeaving] = useState<readonly Row[]>();
  const all = [...reports].flatMap(([node, { connections }]) =>
    connections.map((connection): Row => ({ ...connection, node })),
  );
  if (reports.size > 1) all.sort(byInterest);
  const total = [...reports.values()].reduce((sum, report) => sum + report.total, 0);
  const rows = all.filter((row) => textOf(row).includes(filter.trim().toLowerCase()));
  const columns: readonly Column<Row>[] = [
    ...COLUMNS,
    {
      title: 'Connected',
      by: ({ since }) => now - since,
      numeric: true,
      cell: ({ since }) => duration(now - since),
    },
    {
      title: 'Actions',
      cell: (row) => (
        <button type="button" class="plain" onClick={() => setLeaving([row])}>
          Disconnect<span class="unseen"> {nameOf(row)}</span>
        </button>
      ),
    },
  ];
  return (
    <section class="clients" aria-labelledby="clients-title">
      <h2 id="clients-title">
        Clients{' '}
        <small>
          {total > all.length
            ? `${counted(all.length, 'connection')} of ${total.toLocaleString('en')}: those behind, then the newest`
            : counted(total, 'connection')}
        </small>
      </h2>
      <div class="filter">
        <FilterField
          id="client-filter"
          label="Filter the clients that are listed"
          placeholder="Filter: address, client, channel, transport, lagging"
          value={filter}
          onFilter={setFilter}
        />
        <button
          type="button"
          class="plain"
          disabled={filter.trim() === '' || rows.length === 0}
          onClick={() => setLeaving(rows)}
        >
          Disconnect these {rows.length}
        </button>
      </div>
      <Table
        caption="Connections"
        columns={columns}
        rows={rows}
        keyOf={({ node, id }) => `${node} ${id}`}
        classOf={({ lagging }) => (lagging ? 'lagging' : undefined)}
        empty={emptySentence(filter, reports.size > 0, 'Nobody is connected.')}
      />
      {leaving && (
        <Confirm
          title={leaving.length === 1 ? 'Disconnect this client' : `Disconnect ${leaving.length} clients`}
          action="Disconnect"
          onConfirm={() => disconnect(leaving, send)}
          onClose={() => setLeaving(undefined)}
        >
          <p>
            {leaving.length === 1 ? <code>{nameOf(leaving[0]!)}</code> : 'They'} may come back, and then
            resume where they were.
          </p>
        </Confirm>
      )}
    </section>
  );
}

const COLUMNS: readonly Column<Row>[] = [
  {
    title: 'Transport',
    by: ({ transport }) => transport,
    cell: ({ transport, why }) => (
      <>
        <TransportLabel name={TRANSPORT_NAMES.find((name) => name === transport)} />
        {why && <small class="why">after {why}</small>}
      </>
    ),
  },
  {
    title: 'Client',
    by: nameOf,
    cell: (row) => (
      <>
        {(row.subject ?? row.client) ? <code>{row.subject ?? row.client}</code> : 'Without the SDK'}
        <small>{row.address}</small>
      </>
    ),
  },
  {
    title: 'Channels',
    by: ({ channels }) => channels.length,
    cell: ({ channels }) => <ChannelNames names={channels} />,
  },
  {
    title: 'Behind',
    by: ({ behind, lagging }) => behind ?? (lagging ? 0 : -1),
    numeric: true,
    cell: ({ behind, lagging }) => (
      <span class={lagging ? 'late' : undefined}>
        {behind === undefined ? '–' : behind.toLocaleString('en')}
        {lagging && <small>lagging</small>}
      </span>
    ),
  },
];

function ChannelNames({ names }: { names: readonly string[] }) {
  const shown = names.slice(0, 3);
  return (
    <span class="names" title={names.join('\n')}>
      {shown.map((name) => (
        <code key={name}>{name}</code>
      ))}
      {names.length > shown.length && <small>and {names.length - shown.length} more</small>}
      {names.length === 0 && <small>none</small>}
    </span>
  );
}

function disconnect(rows: readonly Row[], send: SendCommand): void {
  for (const node of new Set(rows.map((row) => row.node))) {
    const ids = rows.filter((row) => row.node === node).map(({ id }) => id);
    void send({ kind: 'disconnect', node, ids });
  }
}

function nameOf({ subject, client, address }: Row): string {
  return subject ?? client ?? address;
}

/** The text that the filter searches. */
function textOf({ transport, address, client, subject, channels, lagging, why, node }: Row): string {
  const words = [transport, address, client, subject, ...channels, lagging && 'lagging', why, node];
  return words.filter(Boolean).join(' ').toLowerCase();
}

function byInterest(a: Row, b: Row): number {
  return Number(b.lagging) - Number(a.lagging) || (b.behind ?? 0) - (a.behind ?? 0) || b.since - a.since;
}
