import { isEndpointName } from '../../endpoint-name.ts';
import { MARK_PARAMETER } from '../../inspector/wire-record.ts';
import type { WireName } from '../endpoints.ts';
import { TRANSPORTS } from '../transports.ts';
import { type Cost, costOfRequests, costOfStream } from './cost.ts';
import type { LaneListener, LaneMessage, OpenSource } from './lane-source.ts';
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
  /** The wire does not get through here, as far as is known. It is tried again. */
  | { readonly kind: 'blocked'; readonly why: string };

/** One reader of the channel over one wire, and what it measures. */
export interface Lane {
  readonly name: WireName;
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
  /** How often it was told that messages can't be given any more. */
  readonly gaps: number;
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

export function openLane(
  name: WireName,
  open: OpenSource,
  pollIntervalMs: number,
  by: string,
  meter: WireMeter | undefined,
): Lane {
  const asksAgain = !isEndpointName(name) && TRANSPORTS[name].asksAgain;
  let arrivals: Arrival[] = [];
  let delaysMs: number[] = [];
  let received = 0;
  let requests = 0;
  let empty = 0;
  let bringing = 0;
  let gaps = 0;
  let messages = 0;
  let contentBytes = 0;
  let messagesBefore = 0;
  let state: LaneState = { kind: 'opening' };
  let began: { readonly bytes: number; readonly at: number } | undefined;
  let settling: ReturnType<typeof setTimeout> | undefined;
  const since = performance.now();

  function count(message: LaneMessage): void {
    // A stream's first messages are part of what it took to begin.
    if (!asksAgain && state.kind !== 'ready') return;
    if (messages === messagesBefore) bringing += 1;
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

  const listener: LaneListener = {
    requesting(url) {
      // Requests follow each other: what the one before brought is known.
      if (asksAgain && requests > 0 && messages === messagesBefore) empty += 1;
      messagesBefore = messages;
      requests += 1;
      const marked = new URL(url);
      if (meter) marked.searchParams.set(MARK_PARAMETER, meter.mark);
      return marked;
    },
    connected() {
      if (state.kind === 'ready' || state.kind === 'settling') return;
      if (!meter) return ready();
      state = { kind: 'settling' };
      settling = setTimeout(ready, SETTLE_MS);
    },
    disconnected(why) {
      clearTimeout(settling);
      // What was missed comes several messages a write, so that none of it tells what one costs.
      meter?.settle(undefined);
      state = why === undefined ? { kind: 'opening' } : { kind: 'blocked', why };
    },
    message(message) {
      count(message);
      // Of other tabs' messages no delay is told, because another tab's clock is not ours.
      const { data } = message;
      if (data?.by !== by) return;
      const arrival = { sentAt: data.sentAt, at: performance.now() };
      received += 1;
      delaysMs = [...delaysMs, arrival.at - arrival.sentAt].slice(-AVERAGED);
      arrivals = [...arrivals.filter((each) => arrival.at - each.at < SPAN_MS), arrival];
    },
    gap() {
      gaps += 1;
    },
  };
  const close = open(listener);

  return {
    name,
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
    get gaps() {
      return gaps;
    },
    get cost() {
      if (!meter || !began) return undefined;
      const counted = { messages, contentBytes };
      return asksAgain
        ? costOfRequests(
            meter.sums,
            counted,
            bringing,
            60_000 / (name === 'polling' ? pollIntervalMs : WAIT_MS),
          )
        : costOfStream(meter.sums, counted, began.bytes, performance.now() - began.at);
    },
    since,
    close() {
      clearTimeout(settling);
      close();
      meter?.close();
    },
  };
}
