import type { Message, TransportName } from '../../../client/index.ts';
import { MARK_PARAMETER } from '../../inspector/wire-record.ts';
import type { PageProps } from '../shell/pages.ts';
import { TRANSPORTS } from '../transports.ts';
import { type Cost, costOfRequests, costOfStream } from './cost.ts';
import type { Sent } from './publisher.ts';
import type { WireMeter } from './wire-meter.ts';

export const CHANNEL = 'console:demo:playground';

/** A lane keeps the arrivals of so long, for the timeline. */
export const SPAN_MS = 10_000;

/** The delay is the mean of so many messages. */
const AVERAGED = 50;

/** Twice as long as the hub gathers totals: then all is counted that it took to begin. */
const SETTLE_MS = 1000;

/** How long a long poll is parked while nothing comes. */
const WAIT_MS = 30_000;

export interface Arrival {
  /** When the message was published and when it came, by this page's clock. */
  readonly sentAt: number;
  readonly at: number;
}

/**
 *   opening ──► settling ──► ready        Messages that are published before `ready` may not come, or are not counted.
 *      ▲▼           ▲▼          ▲▼
 *   blocked      blocked     blocked
 */
export type LaneState =
  | { readonly kind: 'opening' | 'settling' | 'ready' }
  /** The transport does not get through here, as far as is known. It is tried again. */
  | { readonly kind: 'blocked'; readonly why: string };

/** One reader of the channel over one transport, and what it measures. */
export interface Lane {
  readonly transport: TransportName;
  readonly state: LaneState;
  /** Of the last `SPAN_MS`. */
  readonly arrivals: readonly Arrival[];
  /** Of this tab's messages. */
  readonly received: number;
  /** From publish to handler: the mean of the last messages; undefined before the first. */
  readonly delayMs: number | undefined;
  readonly requests: number;
  /** Requests that brought nothing. */
  readonly empty: number;
  /** Undefined while nobody counts. */
  readonly cost: Cost | undefined;
  /** When the lane began to count. */
  readonly since: number;
  close(): void;
}

/** Whether it is known of every lane if it works, so that what is published now comes wherever it can. */
export function settled(lanes: readonly Lane[]): boolean {
  return (
    lanes.some(({ state }) => state.kind === 'ready') &&
    lanes.every(({ state }) => state.kind === 'ready' || state.kind === 'blocked')
  );
}

/** @param onRefused told if the hub does not let this client read the channel */
export function openLane(
  transport: TransportName,
  pollIntervalMs: number,
  by: string,
  meter: WireMeter | undefined,
  connectBeside: PageProps['connectBeside'],
  onRefused: (error: unknown) => void,
): Lane {
  const { asksAgain } = TRANSPORTS[transport];
  let arrivals: Arrival[] = [];
  let delaysMs: number[] = [];
  let received = 0;
  let requests = 0;
  let empty = 0;
  let messages = 0;
  let contentBytes = 0;
  let messagesBefore = 0;
  let state: LaneState = { kind: 'opening' };
  let began: { readonly bytes: number; readonly at: number } | undefined;
  const since = performance.now();

  const marked = (input: string | URL) => {
    const url = new URL(input);
    if (meter) url.searchParams.set(MARK_PARAMETER, meter.mark);
    return url;
  };
  const client = connectBeside({
    transports: [transport],
    pollIntervalMs,
    // Remembers nothing, because a lane's transport says nothing about the best one.
    storage: null,
    fetch(input, init) {
      // Requests follow each other: what the one before brought is known.
      if (asksAgain && requests > 0 && messages === messagesBefore) empty += 1;
      messagesBefore = messages;
      requests += 1;
      return fetch(marked(input as string), init);
    },
    WebSocket: class extends WebSocket {
      constructor(url: string) {
        requests += 1;
        super(marked(url));
      }
    },
  });
  const subscription = client.subscribe<Sent>(CHANNEL, {
    onError: onRefused,
    onMessage: (message) => {
      count(message);
      // Of other tabs' messages no delay is told, because another tab's clock is not ours.
      const { data } = message;
      if (data?.by !== by) return;
      const arrival = { sentAt: data.sentAt, at: performance.now() };
      received += 1;
      delaysMs = [...delaysMs, arrival.at - arrival.sentAt].slice(-AVERAGED);
      arrivals = [...arrivals.filter((each) => arrival.at - each.at < SPAN_MS), arrival];
    },
  });

  function count(message: Message): void {
    // A stream's first messages are part of what it took to begin.
    if (!asksAgain && state.kind !== 'ready') return;
    messages += 1;
    // The JSON is as long in whatever order its members stand.
    contentBytes += new TextEncoder().encode(JSON.stringify(message)).length;
  }

  function ready(): void {
    if (meter) {
      const text: Sent = { by, sentAt: 0, text: '' };
      meter.settle(JSON.stringify(text).length + CHANNEL.length);
      began ??= { bytes: meter.sums.bytes, at: performance.now() };
    }
    state = { kind: 'ready' };
  }

  let settling: ReturnType<typeof setTimeout> | undefined;
  let subscribed = false;
  const look = () => {
    const { status } = client;
    clearTimeout(settling);
    if (status.state === 'connected' && subscribed) {
      state = { kind: meter && !began ? 'settling' : 'ready' };
      if (state.kind === 'ready') ready();
      else settling = setTimeout(ready, SETTLE_MS);
    } else if (status.failures.length > 0 && status.state !== 'connected') {
      const { cause, detail } = status.failures.at(-1)!;
      state = { kind: 'blocked', why: `${cause} (${detail})` };
    } else state = { kind: 'opening' };
  };
  const off = client.onStatus(look);
  subscription.ready.then(
    () => {
      subscribed = true;
      look();
    },
    // On a refusal the console asks for a token.
    () => {},
  );

  return {
    transport,
    get state() {
      return state;
    },
    get arrivals() {
      return arrivals;
    },
    get received() {
      return received;
    },
    get delayMs() {
      return delaysMs.length > 0 ? delaysMs.reduce((sum, each) => sum + each) / delaysMs.length : undefined;
    },
    get requests() {
      return requests;
    },
    get empty() {
      return empty;
    },
    get cost() {
      if (!meter || !began) return undefined;
      const counted = { messages, contentBytes };
      return asksAgain
        ? costOfRequests(
            meter.sums,
            counted,
            empty,
            60_000 / (transport === 'polling' ? pollIntervalMs : WAIT_MS),
          )
        : costOfStream(meter.sums, counted, began.bytes, performance.now() - began.at);
    },
    since,
    close() {
      clearTimeout(settling);
      off();
      client.close();
      meter?.close();
    },
  };
}
