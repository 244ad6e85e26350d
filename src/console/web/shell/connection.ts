import { useEffect, useState } from 'preact/hooks';
import {
  type Client,
  type ClientOptions,
  connect,
  type Status,
  type TransportName,
} from '../../../client/index.ts';

/** A polling tab should still be worth watching. */
const POLL_INTERVAL_MS = 2000;

/** The address of the hub that serves this page, without a slash at its end. */
export function hubUrl(): string {
  const given = document.querySelector<HTMLMetaElement>('meta[name=fanwire-hub]')?.content ?? '/';
  return new URL(given, location.href).href.replace(/\/$/, '');
}

export interface Connection {
  readonly fanwire: Client;
  readonly status: Status;
}

/** A client of the page's hub. */
export function connectToHub(token: string | undefined, options: Omit<ClientOptions, 'token'> = {}): Client {
  return connect(hubUrl(), { pollIntervalMs: POLL_INTERVAL_MS, ...options, ...(token && { token }) });
}

/** A client for as long as the choice of transport and the token stay the same. */
export function useConnection(transport: TransportName | undefined, token: string | undefined) {
  const [connection, setConnection] = useState<Connection>();
  useEffect(() => {
    const fanwire = connectToHub(token, transport && { transports: [transport] });
    setConnection({ fanwire, status: fanwire.status });
    const off = fanwire.onStatus((status) => setConnection({ fanwire, status }));
    // A tab that is closed leaves at once; one in the back-forward cache may come back.
    const onPageHide = (event: PageTransitionEvent) => event.persisted || fanwire.close();
    addEventListener('pagehide', onPageHide);
    return () => {
      removeEventListener('pagehide', onPageHide);
      off();
      fanwire.close();
    };
  }, [transport, token]);
  return connection;
}

export function transportOf(status: Status): TransportName | undefined {
  return status.state === 'connected' ? status.transport : undefined;
}

/** What an error says: a refusal of the hub's, or a handler's fault. */
export function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
