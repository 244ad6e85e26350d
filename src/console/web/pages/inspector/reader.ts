import type { TransportName } from '../../../../protocol/transport-name.ts';
import { PLACE } from '../../../inspector/wire-record.ts';
import { HUB_URL, sentenceOf } from '../../shell/connection.ts';

export const POLL_MS = 3000;
export const WAIT_SECONDS = 25;
const RETRY_MS = 2000;

/** How this page reads and publishes, with nothing but what browsers have. */
export interface Place {
  readonly mark: string;
  readonly token: string | undefined;
}

export interface Reader {
  /** Over the reader's own connection; undefined where it has no way up. */
  readonly send?: (text: string) => void;
  close(): void;
}

type Query = Readonly<Record<string, string>>;

/** Reads the channel over a transport until it is closed. @param onNote told in a sentence how it goes */
export function openReader(transport: TransportName, place: Place, onNote: (note: string) => void): Reader {
  if (transport === 'websocket') return openSocket(place, onNote);
  const ended = new AbortController();
  const close = () => ended.abort();
  const { signal } = ended;
  switch (transport) {
    case 'polling':
      void poll(place, 0, onNote, signal);
      return { close };
    case 'long-polling':
      void poll(place, WAIT_SECONDS, onNote, signal);
      return { close };
    case 'http-streaming':
      void stream(place, 'application/x-ndjson', 'Reading with fetch.', onNote, signal);
      return { close };
    case 'sse':
      void readEvents(place, onNote, signal);
      return { close };
  }
}

/** @returns a sentence on what became of it */
export async function publishByPost(place: Place, text: string): Promise<string> {
  const response = await fetch(channelUrl(place), {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...authorisation(place) },
    body: text,
  });
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.detail);
  return `In the log as ${answer.id}.`;
}

async function poll(
  place: Place,
  waitSeconds: number,
  onNote: (note: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const headers = {
    Accept: 'application/json',
    ...(waitSeconds > 0 && { Prefer: `wait=${waitSeconds}` }),
    ...authorisation(place),
  };
  let after = 'now';
  while (!signal.aborted) {
    try {
      const response = await fetch(channelUrl(place, { after }), { headers, signal });
      const answer = await response.json();
      if (!response.ok) return onNote(answer.detail);
      after = answer.position;
      onNote(
        waitSeconds > 0
          ? 'Asking with fetch, again and again.'
          : `Asking with fetch every ${POLL_MS / 1000} s.`,
      );
      if (waitSeconds === 0) await pause(POLL_MS, signal);
    } catch (error) {
      if (signal.aborted) return;
      onNote(`${sentenceOf(error)}: asking again in ${RETRY_MS / 1000} s.`);
      await pause(RETRY_MS, signal);
    }
  }
}

async function stream(
  place: Place,
  accept: string,
  how: string,
  onNote: (note: string) => void,
  signal: AbortSignal,
): Promise<void> {
  try {
    const headers = { Accept: accept, ...authorisation(place) };
    const response = await fetch(channelUrl(place), { headers, signal });
    if (!response.ok) return onNote((await response.json()).detail);
    onNote(how);
    const reader = response.body!.getReader();
    while (!(await reader.read()).done);
    onNote('The answer ended. fetch does not ask again by itself.');
  } catch (error) {
    if (!signal.aborted) onNote(`${sentenceOf(error)}: fetch does not ask again by itself.`);
  }
}

async function readEvents(place: Place, onNote: (note: string) => void, signal: AbortSignal): Promise<void> {
  if (place.token && !(await mayReadWithoutToken())) {
    const how = 'An EventSource can’t send a token in a head, so this reads with fetch.';
    return stream(place, 'text/event-stream', how, onNote, signal);
  }
  if (signal.aborted) return;
  const source = new EventSource(channelUrl(place));
  source.onopen = () => onNote('Reading with EventSource.');
  source.onerror = () =>
    onNote(
      source.readyState === EventSource.CLOSED
        ? 'The EventSource was refused, and gives up.'
        : 'The connection is gone. The EventSource comes back by itself.',
    );
  signal.addEventListener('abort', () => source.close());
}

function openSocket(place: Place, onNote: (note: string) => void): Reader {
  // Without a subprotocol to answer, a browser that offered some closes the connection.
  const protocols = place.token ? ['fanwire.1', `bearer.${place.token}`] : [];
  const socket = new WebSocket(channelUrl(place).replace(/^http/, 'ws'), protocols);
  socket.onopen = () => onNote('Reading with WebSocket. What you publish goes up the same connection.');
  socket.onclose = ({ code }) =>
    onNote(`The WebSocket closed with ${code}. It does not come back by itself.`);
  return {
    send: (text) => {
      if (socket.readyState !== WebSocket.OPEN) throw new Error('the WebSocket is not open');
      socket.send(text);
    },
    close() {
      socket.onclose = null;
      socket.close(1000, 'done');
    },
  };
}

/** A request without a mark: it is not recorded. */
async function mayReadWithoutToken(): Promise<boolean> {
  return fetch(`${HUB_URL}/channels/${PLACE}?limit=1`).then(
    ({ ok }) => ok,
    () => false,
  );
}

function channelUrl({ mark }: Place, query: Query = {}): string {
  return `${HUB_URL}/channels/${PLACE}?${new URLSearchParams({ ...query, inspect: mark })}`;
}

function authorisation({ token }: Place): Record<string, string> {
  return token ? { Authorization: `Bearer ${token}` } : {};
}

/** Ends early when it is aborted. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end);
  });
}
