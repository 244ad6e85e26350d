import { useEffect, useState } from 'preact/hooks';
import { randomId } from '../../../../client/random-id.ts';
import { PRESENCE_SUFFIX } from '../../../../protocol/channel-name.ts';
import type { Member } from '../../../../protocol/frames.ts';
import { TRANSPORT_NAMES, type TransportName } from '../../../../protocol/transport-name.ts';
import { browserName } from '../../parts/browser-name.ts';
import { TransportChoice, TransportLabel } from '../../parts/transport-choice.tsx';
import { type Connection, sentenceOf, transportOf } from '../../shell/connection.ts';

const CHANNEL = 'tabs';
/** Tells this tab from others of the same browser. */
const TAB = randomId();

/** What each tab shows in the channel's presence. */
interface Visitor {
  readonly tab: string;
  readonly name: string;
}

/** What each tab publishes when it changes. */
interface TabReport {
  readonly tab: string;
  readonly transport: TransportName;
  readonly why: string;
}

interface TabsProps extends Pick<Connection, 'fanwire' | 'status'> {
  readonly chosen: TransportName | undefined;
  readonly onChoose: (transport: TransportName | undefined) => void;
}

/** Who else has this page open, over which transport, and why that one. */
export function Tabs({ fanwire, status, chosen, onChoose }: TabsProps) {
  const [members, setMembers] = useState<readonly Member[]>([]);
  const [reports, setReports] = useState<Readonly<Record<string, TabReport>>>({});
  const [fault, setFault] = useState<string>();
  const { why } = status;
  const transport = transportOf(status);

  useEffect(() => {
    const stop = new AbortController();
    const { signal } = stop;
    const onError = (error: unknown) => signal.aborted || setFault(sentenceOf(error));
    const refresh = () => void fanwire.presence(CHANNEL).then(setMembers, onError);
    setFault(undefined);
    const tabs = fanwire.subscribe(CHANNEL, {
      last: 100,
      presence: { tab: TAB, name: browserName(navigator.userAgent) } satisfies Visitor,
      onMessage: ({ data }) => {
        if (isTabReport(data)) setReports((before) => ({ ...before, [data.tab]: data }));
      },
      onError,
      signal,
    });
    tabs.ready.then(refresh, () => {});
    fanwire.subscribe(`${CHANNEL}${PRESENCE_SUFFIX}`, { onMessage: refresh, onError, signal });
    return () => stop.abort();
  }, [fanwire]);

  useEffect(() => {
    if (transport)
      void fanwire.publish(CHANNEL, { tab: TAB, transport, why } satisfies TabReport).catch(() => {});
  }, [fanwire, transport, why]);

  // By tab, because a tab that changes its transport is a new client before the old one has left.
  const visitors = new Map(
    members
      .map(({ data }) => data)
      .filter(isVisitor)
      .map((each) => [each.tab, each]),
  );
  visitors.delete(TAB);
  const others = [...visitors.values()];

  return (
    <section aria-labelledby="tabs-title">
      <h2 id="tabs-title">
        Open tabs <small>{others.length + 1}</small>
      </h2>
      <TransportChoice chosen={chosen} onChoose={onChoose} />
      <ul class="tabs">
        <li>
          <strong>
            {browserName(navigator.userAgent)} <em>this tab</em>
          </strong>
          <TransportLabel name={transport} />
          <p>{why}</p>
        </li>
        {others.map(({ tab, name }) => (
          <li key={tab}>
            <strong>{name}</strong>
            <TransportLabel name={reports[tab]?.transport} />
            <p>{reports[tab]?.why}</p>
          </li>
        ))}
      </ul>
      {fault && <p class="note fault">{fault}</p>}
    </section>
  );
}

// Anyone may publish to the channel, and anything.

function isVisitor(data: unknown): data is Visitor {
  const { tab, name } = (data ?? {}) as Partial<Visitor>;
  return typeof tab === 'string' && typeof name === 'string';
}

function isTabReport(data: unknown): data is TabReport {
  const { tab, transport, why } = (data ?? {}) as Partial<TabReport>;
  return (
    typeof tab === 'string' && typeof why === 'string' && TRANSPORT_NAMES.some((name) => name === transport)
  );
}
