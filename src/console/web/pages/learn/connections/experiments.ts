import { connect, type TabsClient } from '../../../../../client/tabs/connect.ts';
import { INSPECTED_CHANNEL } from '../../../../inspector/wire-record.ts';
import { randomMark } from '../../../measure/random-mark.ts';
import { pageProtocol } from '../../../parts/page-protocol.ts';
import { hubUrl } from '../../../shell/connection.ts';
import { readToken } from '../../../shell/operator-token.ts';
import { pause } from '../../inspector/reader.ts';

export const READERS = 7;
/** A stream that has not begun by then waits for a connection: on this page's others it takes milliseconds. */
const OBSERVED_MS = 2000;
/** Others than these must not wait for long, such as the next page's script. */
const MAX_MS = 10_000;

export type Reader =
  | { readonly kind: 'idle' | 'waiting' | 'closed' | 'shares' }
  /** @property ms until its answer began */
  | { readonly kind: 'open'; readonly ms: number };

export interface Result {
  readonly readers: readonly Reader[];
  /** Undefined while it is not known. */
  readonly reading: string | undefined;
}

export const NOTHING: Result = { readers: Array(READERS).fill({ kind: 'idle' }), reading: undefined };

/** Told each time that something has changed. */
type OnResult = (result: Result) => void;

/** Seven event streams at once, each of its own; after a while one is closed, and then all. */
export async function openStreams(signal: AbortSignal, onResult: OnResult): Promise<void> {
  const readers: Reader[] = Array(READERS).fill({ kind: 'waiting' });
  let reading: string | undefined;
  const tell = (nth: number, reader: Reader) => {
    readers[nth] = reader;
    onResult({ readers: [...readers], reading });
  };
  const streams = readers.map(() => new AbortController());
  const closeAll = () => {
    for (const stream of streams) stream.abort();
  };
  signal.addEventListener('abort', closeAll);
  const began = performance.now();
  const token = readToken();
  const headers = { Accept: 'text/event-stream', ...(token && { Authorization: `Bearer ${token}` }) };
  const opened = streams.map(async (stream, nth) => {
    // Past the browser's cache, which lets one request for an address wait for the other.
    const options = { headers, signal: stream.signal, cache: 'no-store' } as const;
    const response = await fetch(`${hubUrl()}/channels/${INSPECTED_CHANNEL}`, options);
    if (!response.ok) throw new Error((await response.json()).detail);
    tell(nth, { kind: 'open', ms: performance.now() - began });
  });
  // Those that still wait at the end are aborted.
  const settled = Promise.allSettled(opened);
  try {
    await Promise.race([pause(OBSERVED_MS, signal), Promise.all(opened)]);
    const isOpen = ({ kind }: Reader) => kind === 'open';
    const open = readers.filter(isOpen).length;
    const first = readers.findIndex(isOpen);
    reading = `Over ${pageProtocol()} ${open} of ${READERS} streams were open at once.`;
    if (open < READERS && first !== -1) {
      const closedAt = performance.now();
      const waited = readers.findIndex(({ kind }) => kind === 'waiting');
      streams[first]!.abort();
      tell(first, { kind: 'closed' });
      await Promise.race([opened[waited], pause(MAX_MS, signal)]);
      // Else other tabs have what was freed.
      if (isOpen(readers[waited]!))
        reading += ` The next began ${Math.round(performance.now() - closedAt)} ms after one was closed.`;
    }
    onResult({ readers: [...readers], reading });
  } finally {
    signal.removeEventListener('abort', closeAll);
    closeAll();
    await settled;
  }
}

/** Seven clients as of seven tabs, which share one connection, over the same transport. */
export async function shareOne(signal: AbortSignal, onResult: OnResult): Promise<void> {
  const began = performance.now();
  const token = readToken();
  // Apart from every tab that is open.
  const group = randomMark();
  const clients: TabsClient[] = Array.from({ length: READERS }, () =>
    connect(hubUrl(), { group, transports: ['sse'], storage: null, ...(token && { token }) }),
  );
  const closeAll = () => {
    for (const client of clients) client.close();
  };
  signal.addEventListener('abort', closeAll);
  const readers: Reader[] = Array(READERS).fill({ kind: 'waiting' });
  const tell = (reading?: string) => onResult({ readers: [...readers], reading });
  try {
    const ready = clients.map(async (client, nth) => {
      await client.subscribe(INSPECTED_CHANNEL, () => {}).ready;
      const { via } = client.status;
      readers[nth] =
        via === 'this tab' ? { kind: 'open', ms: performance.now() - began } : { kind: 'shares' };
      tell();
    });
    const late = pause(MAX_MS, signal).then(() => Promise.reject(new Error('they did not connect')));
    await Promise.race([Promise.all(ready), late]);
    const connections = readers.filter(({ kind }) => kind === 'open').length;
    tell(
      `All ${READERS} clients read, over ${connections} ${connections === 1 ? 'connection' : 'connections'}.`,
    );
  } finally {
    signal.removeEventListener('abort', closeAll);
    closeAll();
  }
}
