import type { Message } from '../../../../client/index.ts';
import { INSPECTED_CHANNEL, MARK_PARAMETER } from '../../../inspector/wire-record.ts';
import { type ReadOnce, Refused } from '../../measure/resuming.ts';
import { hubUrl, sentenceOf } from '../../shell/connection.ts';

const POLL_MS = 3000;
const RETRY_MS = 2000;

/** What every request of the inspector carries: the mark by which the hub records it, and the token. */
export interface RequestStamp {
  readonly mark: string;
  readonly token: string | undefined;
}

export interface Reader {
  /** Over the reader's own connection; undefined where it has no way up. */
  readonly send?: (data: string | Uint8Array<ArrayBuffer>) => void;
  close(): void;
}

/** Is told in a sentence how the reading goes. */
export type OnNote = (note: string) => void;

type Query = Readonly<Record<string, string>>;

/**
 * @param data JSON, or bytes
 * @param type of the event
 * @returns a sentence that tells the outcome
 */
export async function publishByPost(
  stamp: RequestStamp,
  data: string | Uint8Array<ArrayBuffer>,
  type?: string,
): Promise<string> {
  const contentType = typeof data === 'string' ? 'application/json' : 'application/octet-stream';
  const response = await fetch(channelUrl(stamp, type === undefined ? {} : { type }), {
    method: 'POST',
    headers: { 'Content-Type': contentType, ...authorisation(stamp) },
    body: data,
  });
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.detail);
  return `In the log as ${answer.id}.`;
}

interface PollOptions {
  /** Of the timer. */
  readonly intervalMs?: number;
  /** Further parameters. A browser sends no second request for an address while the first is under way, if caches may keep its answer. */
  readonly query?: Query;
}

/** @param waitSeconds 0 asks on a timer */
export function openPoll(
  stamp: RequestStamp,
  waitSeconds: number,
  onNote: OnNote,
  options: PollOptions = {},
): Reader {
  return untilClosed((signal) => poll(stamp, waitSeconds, onNote, options, signal));
}

interface PollAnswer {
  readonly messages: readonly Message[];
  readonly position: string;
}

/** Asks once for what came since a position. @throws (rejects) Refused, or what `fetch` throws */
export async function ask(
  stamp: RequestStamp,
  after: string,
  waitSeconds: number,
  signal: AbortSignal,
  query: Query = {},
): Promise<PollAnswer> {
  const headers = {
    Accept: 'application/json',
    ...(waitSeconds > 0 && { Prefer: `wait=${waitSeconds}` }),
    ...authorisation(stamp),
  };
  const response = await fetch(channelUrl(stamp, { after, ...query }), { headers, signal });
  const answer = await response.json();
  if (!response.ok) throw new Refused(answer.detail);
  return answer;
}

async function poll(
  stamp: RequestStamp,
  waitSeconds: number,
  onNote: OnNote,
  { intervalMs = POLL_MS, query }: PollOptions,
  signal: AbortSignal,
): Promise<void> {
  let after = 'now';
  while (!signal.aborted) {
    try {
      after = (await ask(stamp, after, waitSeconds, signal, query)).position;
      onNote(
        waitSeconds > 0
          ? 'Asking with fetch, again and again.'
          : `Asking with fetch every ${intervalMs / 1000} s.`,
      );
      if (waitSeconds === 0) await pause(intervalMs, signal);
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof Refused) return onNote(error.message);
      onNote(`${sentenceOf(error)}: asking again in ${RETRY_MS / 1000} s.`);
      await pause(RETRY_MS, signal);
    }
  }
}

/** @param how told once the answer has begun */
export function openStream(stamp: RequestStamp, accept: string, how: string, onNote: OnNote): Reader {
  return untilClosed((signal) => stream(stamp, accept, how, onNote, signal));
}

async function stream(
  stamp: RequestStamp,
  accept: string,
  how: string,
  onNote: OnNote,
  signal: AbortSignal,
): Promise<void> {
  try {
    const headers = { Accept: accept, ...authorisation(stamp) };
    const response = await fetch(channelUrl(stamp), { headers, signal });
    if (!response.ok) return onNote((await response.json()).detail);
    onNote(how);
    const reader = response.body!.getReader();
    while (!(await reader.read()).done);
    onNote('The answer ended. fetch does not ask again by itself.');
  } catch (error) {
    if (!signal.aborted) onNote(`${sentenceOf(error)}: fetch does not ask again by itself.`);
  }
}

export function openEvents(stamp: RequestStamp, onNote: OnNote): Reader {
  return untilClosed((signal) => readEvents(stamp, onNote, signal));
}

async function readEvents(stamp: RequestStamp, onNote: OnNote, signal: AbortSignal): Promise<void> {
  if (stamp.token && !(await mayReadWithoutToken())) {
    const how = 'An EventSource can’t send a token in a head, so this reads with fetch.';
    return stream(stamp, 'text/event-stream', how, onNote, signal);
  }
  if (signal.aborted) return;
  const source = new EventSource(channelUrl(stamp));
  source.onopen = () => onNote('Reading with EventSource.');
  source.onerror = () =>
    onNote(
      source.readyState === EventSource.CLOSED
        ? 'The EventSource was refused, and gives up.'
        : 'The connection is gone. The EventSource comes back by itself.',
    );
  signal.addEventListener('abort', () => source.close());
}

export function socketTo(stamp: RequestStamp): WebSocket {
  // `fanwire.1` is offered beside the token, because a browser closes the connection if the hub selects none of the subprotocols.
  const protocols = stamp.token ? ['fanwire.1', `bearer.${stamp.token}`] : [];
  return new WebSocket(channelUrl(stamp).replace(/^http/, 'ws'), protocols);
}

export function openSocket(stamp: RequestStamp, onNote: OnNote): Reader {
  const socket = socketTo(stamp);
  socket.onopen = () => onNote('Reading with WebSocket. What you publish goes up the same connection.');
  socket.onclose = ({ code }) =>
    onNote(`The WebSocket closed with ${code}. It does not come back by itself.`);
  return {
    send: (data) => {
      if (socket.readyState !== WebSocket.OPEN) throw new Error('the WebSocket is not open');
      socket.send(data);
    },
    close() {
      socket.onclose = null;
      socket.close(1000, 'done');
    },
  };
}

/** @param how told once messages come */
export function openEndpoint(read: ReadOnce, how: string, { mark }: RequestStamp, onNote: OnNote): Reader {
  const listener = {
    requesting(url: string | URL) {
      const marked = new URL(url);
      marked.searchParams.set(MARK_PARAMETER, mark);
      return marked;
    },
    connected: () => onNote(how),
    message() {},
    gap() {},
  };
  return untilClosed(async (signal) => {
    const why = await read(INSPECTED_CHANNEL, listener, { position: undefined }, signal).then(
      () => 'The hub ended it',
      sentenceOf,
    );
    if (!signal.aborted) onNote(`${why}. It does not come back by itself.`);
  });
}

function untilClosed(read: (signal: AbortSignal) => Promise<void>): Reader {
  const ended = new AbortController();
  void read(ended.signal);
  return { close: () => ended.abort() };
}

/** Asks without a mark, so that the request is not recorded. */
async function mayReadWithoutToken(): Promise<boolean> {
  return fetch(`${hubUrl()}/channels/${INSPECTED_CHANNEL}?limit=1`).then(
    ({ ok }) => ok,
    () => false,
  );
}

function channelUrl({ mark }: RequestStamp, query: Query = {}): string {
  return `${hubUrl()}/channels/${INSPECTED_CHANNEL}?${new URLSearchParams({ ...query, inspect: mark })}`;
}

function authorisation({ token }: RequestStamp): Record<string, string> {
  return token ? { Authorization: `Bearer ${token}` } : {};
}

/** Resolves after so long, or at once when the signal is aborted. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
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
