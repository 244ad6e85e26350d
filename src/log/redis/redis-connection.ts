import type { FanwireError } from '../../protocol/errors.ts';
import type { Runtime, Timer } from '../../protocol/runtime.ts';
import { Calls, TimedOut, within } from '../kit/calls.ts';
import { unavailable } from '../kit/unavailable.ts';
import type { RedisClient } from './driver.ts';

export interface ConnectionOptions {
  /** A connection that has not been opened. */
  readonly create: () => RedisClient;
  /** What is done on each new connection before anything else. */
  readonly greet: (client: RedisClient) => Promise<void>;
  readonly timeoutMs: number;
  readonly runtime: Runtime;
}

/**
 *  idle ──► open ──lost──► waiting ──► open …        (any) ──close──► closed
 */
type ConnectionState =
  | { readonly kind: 'idle' }
  /** Once `greeted` resolves it can be used; until then calls wait for it within their own time limit. */
  | { readonly kind: 'open'; readonly client: RedisClient; readonly greeted: Promise<void> }
  /** Calls are refused at once. */
  | { readonly kind: 'waiting'; readonly timer: Timer; readonly cause: unknown }
  | { readonly kind: 'closed' };

const TELL_EVERY_MS = 10_000;
const RECONNECT_MS = { first: 50, max: 1_000 };

/** Answers after which another connection may do better: a replica, a server that is loading or was emptied. */
const ELSEWHERE = /READONLY|LOADING|MASTERDOWN|NOSCRIPT|NOEPOCH/;

/**
 * One connection to Redis that is opened anew whenever it is lost. Every call ends within the time limit,
 * and a connection on which one did not is given up: whatever is behind it, a stopped server or a dead
 * network, it would take the next ones too.
 */
export class RedisConnection {
  readonly #options: ConnectionOptions;
  #state: ConnectionState = { kind: 'idle' };
  #failures = 0;
  readonly #calls: Calls;
  #told = { cause: '', at: 0 };
  #pings: Timer | undefined;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.#calls = new Calls('Redis', options.timeoutMs, options.runtime);
  }

  /** Resolves once the first connection stands. It goes on trying when that fails. */
  open(): Promise<void> {
    // A connection that only listens would not notice that nobody is at the other end.
    this.#pings = this.#options.runtime.setInterval(() => this.#ping(), this.#options.timeoutMs);
    this.#pings.unref();
    this.#connect();
    return this.ask(async () => {});
  }

  /**
   * Calls are sent in the order in which they are made.
   * @param weight as `Calls` counts it
   * @throws FanwireError `log_unavailable`, after the time limit at the latest
   */
  async ask<Answer>(question: (client: RedisClient) => Promise<Answer>, weight?: number): Promise<Answer> {
    const state = this.#state;
    if (state.kind !== 'open') {
      throw this.#refusal(state.kind === 'waiting' ? state.cause : new Error('Redis is not connected'));
    }
    try {
      return await this.#calls.ask(() => state.greeted.then(() => question(state.client)), weight);
    } catch (error) {
      if (error instanceof TimedOut || (error instanceof Error && ELSEWHERE.test(error.message))) {
        this.#lose(state.client, error);
      }
      throw this.#refusal(error);
    }
  }

  close(): void {
    const state = this.#state;
    this.#state = { kind: 'closed' };
    const { runtime } = this.#options;
    runtime.clear(this.#pings);
    if (state.kind === 'waiting') runtime.clear(state.timer);
    if (state.kind === 'open') destroy(state.client);
  }

  #connect(): void {
    const { create, greet, runtime, timeoutMs } = this.#options;
    const client = create();
    client.on('error', (error) => this.#lose(client, error));
    const greeted = within(
      runtime,
      timeoutMs,
      client.connect().then(() => greet(client)),
    );
    this.#state = { kind: 'open', client, greeted };
    greeted.then(
      () => {
        this.#failures = 0;
      },
      (error) => this.#lose(client, error),
    );
  }

  #lose(client: RedisClient, cause: unknown): void {
    if (this.#state.kind !== 'open' || this.#state.client !== client) return;
    const maxMs = Math.min(RECONNECT_MS.max, RECONNECT_MS.first * 2 ** this.#failures);
    this.#failures += 1;
    // Jitter, as all nodes lose Redis at once.
    const { runtime } = this.#options;
    const timer = runtime.setTimeout(() => this.#connect(), maxMs * (0.5 + runtime.random() / 2));
    timer.unref();
    this.#state = { kind: 'waiting', timer, cause };
    destroy(client);
  }

  #ping(): void {
    if (this.#state.kind === 'open') this.ask((client) => client.sendCommand(['PING'])).catch(() => {});
  }

  /** Clients are told that it failed; why is for the operator, and once in a while is enough. */
  #refusal(cause: unknown): FanwireError {
    const now = this.#options.runtime.uptime();
    const known = String(cause) === this.#told.cause && now - this.#told.at < TELL_EVERY_MS;
    if (!known) this.#told = { cause: String(cause), at: now };
    return unavailable('the log can’t be used just now: try again', known ? undefined : cause);
  }
}

/** Its calls under way are rejected. */
function destroy(client: RedisClient): void {
  try {
    client.destroy();
  } catch {
    // It had ended by itself.
  }
}
