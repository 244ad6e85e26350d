import { useState } from 'preact/hooks';
import type { ClientRow } from '../../../operate/reports.ts';
import { ConnectionLabel } from '../../parts/connection-label.tsx';
import { ChannelLink } from './channels.tsx';
import { Leave, Polls } from './clients.tsx';
import type { SendCommand } from './use-commands.ts';
import { type Asked, useRows } from './use-rows.ts';
import { bytes, counted, duration } from './words.ts';

/** Connections that one client or subject may have, and the page shows. */
const MAX_CONNECTIONS = 20;

interface ClientPageProps {
  /** A subject, a client's public id, or `NODE.NUMBER` of a connection. */
  readonly name: string;
  readonly asked: Asked;
  /** Unix milliseconds. */
  readonly now: number;
  readonly send: SendCommand;
}

/** One client: over what it is connected and why, what it has been sent, what it reads, and how far it is behind. */
export function ClientPage({ name, asked, now, send }: ClientPageProps) {
  const { rows, total, matching } = useRows<ClientRow>(asked, {
    of: 'client',
    name,
    search: '',
    descending: true,
    limit: MAX_CONNECTIONS,
  });
  return (
    <>
      <div class="lead">
        <a href="/operate">All of the hub</a>
        <h2>
          <span class="unseen">Client </span>
          <code>{name}</code>
        </h2>
        <p role="status">
          {total === undefined
            ? 'No node tells.'
            : matching === 0
              ? 'Not connected now. It shows here once it comes back.'
              : ''}
        </p>
      </div>
      {rows.map(({ key, row }) => (
        <ClientConnection key={key} row={row} now={now} send={send} />
      ))}
    </>
  );
}

function ClientConnection({ row, now, send }: { row: ClientRow } & Pick<ClientPageProps, 'now' | 'send'>) {
  const [leaving, setLeaving] = useState(false);
  const { transport, why, address, client, subject, behind, lagging, channels, channelCount } = row;
  return (
    <section class="client" aria-label={`Connection ${row.id}`}>
      <dl class="details">
        <Detail title="Transport">
          <ConnectionLabel transport={transport} />
        </Detail>
        <Detail title="Why this one">
          {why ? `after ${why}` : 'nothing has failed before, as far as it said'}
        </Detail>
        {row.polls ? (
          <Detail title="Asks">
            <Polls row={row} now={now} /> node {row.node}
          </Detail>
        ) : (
          <Detail title="Connected">{`for ${duration(now - row.since)}, to node ${row.node}`}</Detail>
        )}
        <Detail title="From">{address}</Detail>
        {subject !== undefined && <Detail title="Subject">{subject}</Detail>}
        <Detail title="Client">{client === undefined ? 'without the SDK' : <code>{client}</code>}</Detail>
        <Detail title="Sent to it">
          {row.bytes === undefined
            ? 'not known: its socket is not its alone'
            : `${bytes(row.bytes)} on this socket`}
        </Detail>
        <Detail title="Behind">
          <span class={lagging ? 'late' : undefined}>
            {behind === undefined
              ? 'not known yet'
              : behind === 0
                ? 'has everything'
                : counted(behind, 'position')}
            {lagging && ', lagging: its socket is full'}
          </span>
        </Detail>
      </dl>
      <h3>
        Reads {counted(channelCount, 'channel')}
        {channelCount > channels.length && `, the first ${channels.length} of them:`}
      </h3>
      <p class="names">
        {channels.map((each) => (
          <ChannelLink key={each} name={each} />
        ))}
      </p>
      <button type="button" class="plain" disabled={row.id < 0} onClick={() => setLeaving(true)}>
        Disconnect …
      </button>
      {leaving && (
        <Leave
          leaving={{ kind: 'one', row }}
          node={undefined}
          send={send}
          onClose={() => setLeaving(false)}
        />
      )}
    </section>
  );
}

export function Detail({ title, children }: { title: string; children: preact.ComponentChildren }) {
  return (
    <div>
      <dt>{title}</dt>
      <dd>{children}</dd>
    </div>
  );
}
