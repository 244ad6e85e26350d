import { useState } from 'preact/hooks';
import type { Status, TransportName } from '../../client/index.ts';
import { useConnection } from './hub.ts';
import { Machine } from './machine.tsx';
import { Tabs } from './tabs.tsx';
import { TokenForm } from './token-form.tsx';
import { TRANSPORTS } from './transports.tsx';
import { TryIt } from './try-it.tsx';

export function App() {
  const [transport, setTransport] = useState<TransportName>();
  const [token, setToken] = useState<string>();
  const [refusal, setRefusal] = useState<string>();
  const connection = useConnection(transport, token);
  if (!connection) return null;
  const { fanwire, status } = connection;
  const reason = refusal ?? (isUnauthorised(status) ? status.why : undefined);
  return (
    <>
      <header>
        <h1>
          <Mark />
          fanwire
        </h1>
        <StatusLine status={status} />
      </header>
      <main>
        {reason && (
          <TokenForm
            reason={reason}
            onToken={(given) => {
              setRefusal(undefined);
              setToken(given);
            }}
          />
        )}
        <Machine fanwire={fanwire} onRefused={setRefusal} />
        <TryIt fanwire={fanwire} />
        <Tabs {...connection} chosen={transport} onChoose={setTransport} />
      </main>
    </>
  );
}

function isUnauthorised(status: Status): boolean {
  return status.state === 'closed' && (status.code === 'unauthenticated' || status.code === 'forbidden');
}

function StatusLine({ status }: { status: Status }) {
  return (
    <p class={`status ${status.state}`} role="status">
      {sentenceOf(status)}
    </p>
  );
}

function sentenceOf(status: Status): string {
  switch (status.state) {
    case 'connecting':
      return 'Connecting …';
    case 'connected':
      return `Connected by ${TRANSPORTS[status.transport]}`;
    case 'waiting':
      return 'Waiting to try again';
    case 'closed':
      return 'Closed';
  }
}

/** One line that becomes three. */
function Mark() {
  return (
    <svg viewBox="0 0 32 32" aria-hidden="true">
      <path d="M3 16h10M13 16C20 16 20 5 29 5M13 16h16M13 16c7 0 7 11 16 11" />
    </svg>
  );
}
