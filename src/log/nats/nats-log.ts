import { setTimeout as delay } from 'node:timers/promises';
import type { Start } from '../../protocol/start.ts';
import type { Appended, Follower, Log, LogCapabilities, Page, PageLimit, Retention } from '../log.ts';
import type { NewMessage } from '../message.ts';
import type { MessageKey } from '../message-key.ts';
import { checkedOptions } from '../options.ts';
import type { Roster } from '../roster.ts';
import { Engine } from './engine.ts';
import { NatsRoster } from './nats-roster.ts';
import { type NatsLogOptions, TAKES } from './options.ts';
import { warningOf } from './server-version.ts';
import { type Driver, loadDriver, openSession, type Session } from './session.ts';
import { guardSocket } from './socket-guard.ts';
import { isMissing, Stream } from './stream.ts';
import { answerWithin, unavailable } from './unavailable.ts';

const DEFAULTS = {
  stream: 'fanwire',
  replicas: 1,
  maxBytes: 1024 ** 3,
  keyTtlMs: 600_000,
  timeoutMs: 2_000,
  clock: Date.now,
};
const RETRY_MS = 500;
const TEND_MS = 10_000;
/** Calls that wait for an answer; what comes beyond is refused. */
const PENDING_MOST = 10_000;

/**
 * A log in one JetStream stream, for any number of nodes.
 * @param options a text alone is the URL
 * @throws TypeError for an option that is unknown or can't hold
 */
export function natsLog(options: string | NatsLogOptions = {}): Log {
  return new NatsLog(checkedOptions('natsLog', options, TAKES, 'url'));
}

class NatsLog implements Log {
  readonly capabilities: LogCapabilities = { name: 'nats', durable: true, shared: true };
  readonly roster: Roster = new NatsRoster((question) =>
    this.#ask(({ roster }, isWaited) => question(roster, isWaited)),
  );
  readonly #options: NatsLogOptions & typeof DEFAULTS;
  readonly #closing = new AbortController();
  /** Calls wait for it within their time limit, and pass in the order in which they were made. */
  #engine: Promise<Engine> | undefined;
  /** Why what is tried again and again does not succeed. */
  #fault: unknown;
  #recovery: 'none' | 'running' | 'again' = 'none';
  /** While it is, nothing is sent: the driver would keep it, and send what was refused long ago. */
  #disconnected = false;
  #pending = 0;
  #follower: Follower = { appended() {}, interrupted() {} };

  constructor(options: NatsLogOptions) {
    this.#options = { ...DEFAULTS, ...options };
  }

  async open(follower: Follower, retention: (channel: string) => Retention): Promise<void> {
    this.#follower = follower;
    const loading = loadDriver();
    // At once, as calls may come before the driver has. It goes on trying when this fails: a node may start before NATS does.
    this.#engine = loading.then((driver) => this.#start(driver, retention));
    this.#engine.catch(() => {});
    await loading;
    await this.#ask(async () => {});
  }

  append(message: NewMessage, key?: MessageKey, aliases: readonly MessageKey[] = []): Promise<Appended> {
    return this.#ask((engine) => engine.append(message, key, aliases));
  }

  read(channels: readonly string[], start: Start, limit: PageLimit): Promise<Page> {
    return this.#ask((engine) => engine.read(channels, start, limit));
  }

  follow(channel: string): Promise<void> {
    return this.#ask((engine) => engine.follow(channel));
  }

  writable(): Promise<void> {
    return this.#ask((engine) => engine.writable());
  }

  unfollow(channel: string): void {
    this.#engine?.then((engine) => engine.unfollow(channel)).catch(() => {});
  }

  async close(): Promise<void> {
    this.#closing.abort();
    const engine = await this.#engine?.catch(() => undefined);
    if (engine) await this.#end(engine);
  }

  async #end(engine: Engine): Promise<void> {
    engine.close();
    if (!this.#options.connection) await engine.session.connection.close();
  }

  /** @throws FanwireError `log_unavailable`, after the time limit at the latest */
  async #ask<Answer>(
    question: (engine: Engine, isWaited: () => boolean) => Promise<Answer>,
  ): Promise<Answer> {
    if (!this.#engine || this.#closing.signal.aborted) throw unavailable('the log is not open');
    if (this.#disconnected) throw unavailable('NATS is not connected');
    if (this.#pending >= PENDING_MOST) throw unavailable(`${PENDING_MOST} calls wait for NATS already`);
    this.#pending += 1;
    let givenUp = false;
    const answer = this.#engine.then((engine) => {
      // What was refused must not be appended after all.
      if (givenUp) throw unavailable('given up');
      return question(engine, () => !givenUp);
    });
    try {
      return await answerWithin(this.#options.timeoutMs, answer, () => this.#fault);
    } catch (error) {
      if (isMissing((error as Error).cause)) this.#recover();
      throw error;
    } finally {
      givenUp = true;
      this.#pending -= 1;
    }
  }

  async #start(driver: Driver, retention: (channel: string) => Retention): Promise<Engine> {
    const { stream: name, replicas, maxBytes, keyTtlMs, timeoutMs, clock } = this.#options;
    const session = await this.#insist(() => openSession(driver, this.#options, this.#closing.signal));
    const stream = new Stream(session, { name, replicas, maxBytes, keyTtlMs });
    const disturbed = () => this.#recover();
    const engine = new Engine(stream, { follower: this.#follower, retention, clock, timeoutMs, disturbed });
    try {
      await this.#insist(() => engine.prepare());
      const warning = warningOf(session.connection.info?.version ?? '', stream.replicas);
      if (warning) process.emitWarning(warning, { code: 'FANWIRE_NATS_VERSION' });
    } catch (error) {
      await this.#end(engine);
      throw error;
    }
    void this.#watch(session);
    void this.#tend(engine);
    return engine;
  }

  /** The driver connects again and renews its subscriptions by itself; what came meanwhile is missing. */
  async #watch({ connection }: Session): Promise<void> {
    guardSocket(connection);
    for await (const { type } of connection.status()) {
      if (this.#closing.signal.aborted) return;
      if (type === 'disconnect') this.#disconnected = true;
      if (type !== 'reconnect') continue;
      guardSocket(connection);
      this.#disconnected = false;
      this.#recover();
    }
  }

  async #tend(engine: Engine): Promise<void> {
    while (await this.#pause(TEND_MS)) {
      // Whatever can't be done now is done the next time.
      await answerWithin(TEND_MS, engine.tend()).catch(() => {});
    }
  }

  /**
   * Makes sure of the stream before anything else is asked of it, joins the live feed on to it again, and
   * then has readers read what they may have missed.
   */
  #recover(): void {
    const idle = this.#recovery === 'none';
    this.#recovery = idle ? 'running' : 'again';
    if (idle) this.#resume().catch(() => {});
  }

  async #resume(): Promise<void> {
    const engine = await this.#engine!;
    this.#engine = this.#insist(() => engine.prepare()).then(() => engine);
    this.#engine.catch(() => {});
    await this.#engine;
    await this.#insist(() => engine.resume());
    const again = this.#recovery === 'again';
    this.#recovery = 'none';
    if (again) this.#recover();
  }

  /** Tries until it succeeds. @throws when the log is closed */
  async #insist<Result>(action: () => Promise<Result>): Promise<Result> {
    for (;;) {
      try {
        const result = await action();
        this.#fault = undefined;
        return result;
      } catch (error) {
        this.#fault = error;
        if (!(await this.#pause(RETRY_MS))) throw error;
      }
    }
  }

  /** Resolves with whether the log is still open. */
  async #pause(ms: number): Promise<boolean> {
    const { signal } = this.#closing;
    return delay(ms, true, { ref: false, signal }).catch(() => false);
  }
}
