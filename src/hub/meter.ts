import type { Page } from '../log/log.ts';
import type { ErrorCode } from '../protocol/errors.ts';
import type { GapReason } from '../protocol/gap.ts';
import { type Runtime, SYSTEM_RUNTIME } from '../protocol/runtime.ts';
import { Pollers } from './connections/pollers.ts';

/** Upper bounds of the latency histogram, in seconds. */
export const LATENCY_BUCKETS = [
  0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5,
] as const;

/** The hub's accounts: plain numbers, so that counting costs next to nothing where it is hot. */
export class Meter {
  /** Messages appended through this node. */
  messages = 0;
  /** Messages handed to subscribers: one message to a thousand of them counts a thousand. */
  deliveries = 0;
  /** Bytes handed to sockets for subscribers. */
  bytes = 0;
  readonly gaps: Record<GapReason, number> = { expired: 0, trimmed: 0, epoch: 0, skipped: 0 };
  readonly refusals = new Map<ErrorCode, number>();
  /** Requests answered at once, which no count of open connections shows. */
  polls = 0;
  readonly pollers: Pollers;
  /** Publish to write: how many fell in each bucket of LATENCY_BUCKETS, and above the last. */
  readonly latencyCounts: number[] = Array.from({ length: LATENCY_BUCKETS.length + 1 }, () => 0);
  latencySum = 0;
  #tickBegan: number | undefined;
  readonly #runtime: Runtime;

  constructor(runtime: Runtime = SYSTEM_RUNTIME) {
    this.#runtime = runtime;
    this.pollers = new Pollers(() => runtime.now());
  }

  delivered(messages: number): void {
    this.deliveries += messages;
  }

  /** A page of history is handed to a subscriber. */
  page({ items }: Page): void {
    for (const item of items) {
      if (item.kind === 'message') this.deliveries += 1;
      else this.gaps[item.gap.reason] += 1;
    }
  }

  refused(code: ErrorCode): void {
    this.refusals.set(code, (this.refusals.get(code) ?? 0) + 1);
  }

  /** A message is on its way to subscribers; the first of a tick starts the watch. */
  tickBegins(): void {
    this.#tickBegan ??= this.#runtime.uptime();
  }

  /** All of the tick's messages have been written: observes the longest that one has waited. */
  tickEnds(): void {
    if (this.#tickBegan === undefined) return;
    const seconds = (this.#runtime.uptime() - this.#tickBegan) / 1000;
    this.#tickBegan = undefined;
    this.latencySum += seconds;
    const bucket = LATENCY_BUCKETS.findIndex((bound) => seconds <= bound);
    this.latencyCounts[bucket === -1 ? LATENCY_BUCKETS.length : bucket]! += 1;
  }
}
