import { FanwireError } from '../../protocol/errors.ts';
import type { RedisClient } from './driver.ts';

export interface LinkOptions {
  /** A connection that has not been opened. */
  readonly create: () => RedisClient;
  /** What is done on each new connection before anything else. */
  readonly greet: (client: RedisClient) => Promise<void>;
  readonly timeoutMs: number;
}

/**
 *  idle ──► open ──lost──► waiting ──► open …        (any) ──close──► closed
 */
type LinkState =
  | { readonly kind: 'idle' }
  /** Once `greeted` resolves it can be used; until then calls wait for it within their own time limit. */
  | { readonly kind: 'open'; readonly client: RedisClient; readonly greeted: Promise<void> }
  /** Calls are refused at once. */
  | { readonly kind: 'waiting'; readonly timer: NodeJS.Timeout; readonly cause: unknown }
  | { readonly kind: 'closed' };

/** Calls that wait for an answer; what comes beyond is refused. */
const PENDING_MOST = 10_000;
const TELL_EVERY_MS = 10_000;
const RECONNECT_MS = { first: 50, most: 1_000 };

/** Answers after which another connection may do better: a replica, a server that is loading or was emptied. */
const ELSEWHERE = /READONLY|LOADING|MASTERDOWN|NOSCRIPT|NOEPOCH/;

/**
 * One connection to Redis that is opened anew whenever it is lost. Every call ends within the time limit,
 * and a connection on which one did not is given up: whatever is behind it, a stopped server or a dead
 * network, it would take the next ones too.
 */
export class Link {
  readonly #options: LinkOptions;
  #state: LinkState = { kind: 'idle' };
  #failures = 0;
  #pending = 0;
  #told = { cause: '', at: 0 };
  #pings: NodeJS.Timeout | undefined;

  constructor(options: LinkOptions) {
    this.#options = options;
  }

  /** Resolves once the first connection stands. It goes on trying when that fails. */
  open(): Promise<void> {
    // A connection that only listens would not notice that nobody is at the other end.
    this.#pings = setInterval(() => this.#ping(), this.#options.timeoutMs).unref();
    this.#connect();
    return this.ask(async () => {});
  }

  /**
   * Calls are sent in the order in which they are made.
   * @throws FanwireError `log_unavailable`, after the time limit at the latest
   */
  async ask<Answer>(question: (client: RedisClient) => Promise<Answer>): Promise<Answer> {
    const state = this.#state;
    if (state.kind !== 'open') {
      throw this.#refusal(state.kind === 'waiting' ? state.cause : new Error('Redis is not connected'));
    }
    if (this.#pending >= PENDING_MOST) {
      throw this.#refusal(new Error(`${PENDING_MOST} calls wait for Redis already`));
    }
    this.#pending += 1;
    try {
      return await this.#within(state.greeted.then(() => question(state.client)));
    } catch (error) {
      if (error instanceof TimedOut || (error instanceof Error && ELSEWHERE.test(error.message))) {
        this.#lose(state.client, error);
      }
      throw this.#refusal(error);
    } finally {
      this.#pending -= 1;
    }
  }

  close(): void {
    const state = this.#state;
    this.#state = { kind: 'closed' };
    clearInterval(this.#pings);
    if (state.kind === 'waiting') clearTimeout(state.timer);
    if (state.kind === 'open') destroy(state.client);
  }

  #connect(): void {
    const client = this.#options.create();
    client.on('error', (error) => this.#lose(client, error));
    const greeted = this.#within(client.connect().then(() => this.#options.greet(client)));
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
    const most = Math.min(RECONNECT_MS.most, RECONNECT_MS.first * 2 ** this.#failures);
    this.#failures += 1;
    // Jitter, as all nodes lose Redis at once.
    const timer = setTimeout(() => this.#connect(), most * (0.5 + Math.random() / 2)).unref();
    this.#state = { kind: 'waiting', timer, cause };
    destroy(client);
  }

  #ping(): void {
    if (this.#state.kind === 'open') this.ask((client) => client.sendCommand(['PING'])).catch(() => {});
  }

  /** Clients are told that it failed; why is for the operator, and once in a while is enough. */
  #refusal(cause: unknown): FanwireError {
    const now = performance.now();
    const known = String(cause) === this.#told.cause && now - this.#told.at < TELL_EVERY_MS;
    if (!known) this.#told = { cause: String(cause), at: now };
    return unavailable(known ? undefined : cause);
  }

  async #within<Answer>(answer: Promise<Answer>): Promise<Answer> {
    const { timeoutMs } = this.#options;
    let timer: NodeJS.Timeout | undefined;
    const timeUp = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new TimedOut(`no answer within ${timeoutMs} ms`)), timeoutMs);
    });
    try {
      return await Promise.race([answer, timeUp]);
    } finally {
      clearTimeout(timer);
    }
  }
}

class TimedOut extends Error {}

export function unavailable(cause?: unknown): FanwireError {
  return new FanwireError('log_unavailable', 'the log can’t be used just now: try again', {
    retryAfter: 1,
    ...(cause === undefined ? {} : { cause }),
  });
}

/** Its calls under way are rejected. */
function destroy(client: RedisClient): void {
  try {
    client.destroy();
  } catch {
    // It had ended by itself.
  }
}
