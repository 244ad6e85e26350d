import { useEffect, useState } from 'preact/hooks';
import {
  type Client,
  type ClientOptions,
  connect,
  type Status,
  type TransportName,
} from '../../../client/index.ts';

/** Short, so that a tab that polls is still worth watching. */
const POLL_INTERVAL_MS = 2000;

/** The address of the hub that serves this page, without a slash at its end. */
export function hubUrl(): string {
  const given = document.querySelector<HTMLMetaElement>('meta[name=fanwire-hub]')?.content ?? '/';
  return new URL(given, location.href).href.replace(/\/$/, '');
}

/** Whether the hub serves its channels by this endpoint as well. */
export function isServed(endpoint: string): boolean {
  const given = document.querySelector<HTMLMetaElement>('meta[name=fanwire-endpoints]')?.content ?? '';
  return given.split(' ').includes(encodeURIComponent(endpoint));
}

export interface Connection {
  readonly fanwire: Client;
  readonly status: Status;
  /** Since when the client has no connection that it had before. */
  readonly lostSince: Date | undefined;
}

/** A client of the hub that serves this page. */
export function connectToHub(token: string | undefined, options: Omit<ClientOptions, 'token'> = {}): Client {
  return connect(hubUrl(), { pollIntervalMs: POLL_INTERVAL_MS, ...options, ...(token && { token }) });
}

/** The page's own client. It is another when the chosen transport or the token changes. */
export function useConnection(transport: TransportName | undefined, token: string | undefined) {
  const [connection, setConnection] = useState<Connection>();
  useEffect(() => {
    const fanwire = connectToHub(token, transport && { transports: [transport] });
    setConnection({ fanwire, status: fanwire.status, lostSince: undefined });
    let connected = false;
    const off = fanwire.onStatus((status) => {
      const before = connected;
      connected = status.state === 'connected';
      setConnection((last) => ({
        fanwire,
        status,
        lostSince: connected ? undefined : before ? new Date() : last?.lostSince,
      }));
    });
    // Closed here, so that others see at once that a closed tab has left. A page in the back-forward cache may come back.
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

/** The sentence of an error: the hub's refusal, or a fault in a handler. */
export function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
