import { FanwireError } from '../../protocol/errors.ts';
import { pause, type Runtime, SYSTEM_RUNTIME } from '../../protocol/runtime.ts';
import type { Start } from '../../protocol/start.ts';
import type { Addition, Outcome } from '../addition.ts';
import { Calls, TimedOut, within } from '../kit/calls.ts';
import { checkedOptions } from '../kit/options.ts';
import { unavailable } from '../kit/unavailable.ts';
import type { Follower, Log, LogCapabilities, Page, PageLimit, Retention } from '../log.ts';
import type { Roster } from '../roster.ts';
import { type Driver, loadDriver, openConnection } from './connection.ts';
import { Engine } from './engine.ts';
import { type LogEvent, type LogState, stateAfter } from './log-state.ts';
import { NatsRoster } from './nats-roster.ts';
import { NATS_DEFAULTS, type NatsLogOptions, TAKES } from './options.ts';
import { warningOf } from './server-version.ts';
import { guardSocket } from './socket-guard.ts';
import { isMissing, Stream } from './stream.ts';

const RETRY_MS = 500;
const TEND_MS = 10_000;

/**
 * A log in one JetStream stream, for any number of nodes.
 * @param options a text alone is the URL
 * @throws TypeError for an option that is unknown or can't hold
 */
export function natsLog(options: string | NatsLogOptions = {}): Log {
  return new NatsLog(checkedOptions('natsLog', options, TAKES, 'url'));
}

class NatsLog implements Log {
  readonly capabilities: LogCapabilities = { name: 'nats', durable: true, shared: true, atomic: false };
  readonly roster: Roster = new NatsRoster(
    (question) => this.#ask(({ roster }, isWaited) => question(roster, isWaited)),
    () => this.#runtime,
  );
  readonly #options: NatsLogOptions & typeof NATS_DEFAULTS;
  readonly #closing = new AbortController();
  #state: LogState = { kind: 'idle' };
  /** Why what is tried again and again does not succeed. */
  #fault: unknown;
  #runtime: Runtime = SYSTEM_RUNTIME;
  #calls: Calls | undefined;
  #follower: Follower = { appended() {}, interrupted() {} };

  constructor(options: NatsLogOptions) {
    this.#options = { ...NATS_DEFAULTS, ...options };
  }

  async open(
    follower: Follower,
    retention: (channel: string) => Retention,
    runtime: Runtime = SYSTEM_RUNTIME,
  ): Promise<void> {
    this.#follower = follower;
    this.#runtime = runtime;
    this.#calls = new Calls('NATS', this.#options.timeoutMs, runtime);
    const loading = loadDriver();
    // At once, as calls may come before the driver has. It goes on trying when this fails: a node may start before NATS does.
    const engine = loading.then((driver) => this.#start(driver, retention));
    engine.catch(() => {});
    this.#on({ kind: 'open', engine });
    await loading;
    await this.#ask(async () => {});
  }

  /** Each on its own way, behind the one before it: JetStream stores no several as one before 2.12. */
  append(additions: readonly Addition[]): Promise<readonly Outcome[]> {
    return Promise.all(additions.map((addition) => this.#append(addition)));
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
    engineOf(this.#state)
      ?.then((engine) => engine.unfollow(channel))
      .catch(() => {});
  }

  async close(): Promise<void> {
    const opened = engineOf(this.#state);
    this.#on({ kind: 'close' });
    this.#closing.abort();
    const engine = await opened?.catch(() => undefined);
    if (engine) await this.#end(engine);
  }

  async #end(engine: Engine): Promise<void> {
    engine.close();
    if (!this.#options.connection) await engine.connection.client.close();
  }

  #append(addition: Addition): Promise<Outcome> {
    return this.#ask((engine) => engine.append(addition)).catch((error: FanwireError) => error);
  }

  /** @throws FanwireError `log_unavailable`, after the time limit at the latest */
  async #ask<Answer>(
    question: (engine: Engine, isWaited: () => boolean) => Promise<Answer>,
  ): Promise<Answer> {
    const engine = engineOf(this.#state);
    if (!engine || !this.#calls) throw unavailable('the log is not open');
    if (this.#state.kind === 'lost') throw unavailable('NATS is not connected');
    let isWaited = true;
    const call = async () => {
      const standing = await engine;
      // What was refused must not be appended after all.
      if (!isWaited) throw unavailable('given up');
      return question(standing, () => isWaited);
    };
    try {
      return await this.#calls.ask(call);
    } catch (error) {
      const cause = error instanceof TimedOut ? (this.#fault ?? error) : error;
      if (isMissing(cause)) this.#on({ kind: 'disturbed' });
      throw cause instanceof FanwireError ? cause : unavailable(`NATS: ${(cause as Error).message}`, cause);
    } finally {
      isWaited = false;
    }
  }

  async #start(driver: Driver, retention: (channel: string) => Retention): Promise<Engine> {
    const { stream: name, replicas, maxBytes, keyTtlMs, timeoutMs } = this.#options;
    const runtime = this.#runtime;
    const clock = this.#options.clock ?? (() => runtime.now());
    const connection = await this.#insist(() =>
      openConnection(driver, this.#options, this.#closing.signal, runtime),
    );
    const stream = new Stream(connection, { name, replicas, maxBytes, keyTtlMs });
    const disturbed = () => this.#on({ kind: 'disturbed' });
    const engine = new Engine(stream, { follower: this.#follower, retention, clock, timeoutMs, disturbed });
    try {
      await this.#insist(() => engine.prepare());
      const warning = warningOf(connection.client.info?.version ?? '', stream.replicas);
      if (warning) process.emitWarning(warning, { code: 'FANWIRE_NATS_VERSION' });
    } catch (error) {
      await this.#end(engine);
      throw error;
    }
    this.#on({ kind: 'started' });
    void this.#watch(engine);
    void this.#tend(engine);
    return engine;
  }

  /** The driver connects again and renews its subscriptions by itself; what came meanwhile is missing. */
  async #watch(engine: Engine): Promise<void> {
    const { client } = engine.connection;
    guardSocket(client);
    for await (const status of client.status()) {
      if (this.#closing.signal.aborted) return;
      const { type } = status;
      if (type === 'error') engine.refused(status.error);
      if (type === 'disconnect') this.#on({ kind: 'disconnected' });
      if (type !== 'reconnect') continue;
      guardSocket(client);
      this.#on({ kind: 'reconnected' });
    }
  }

  async #tend(engine: Engine): Promise<void> {
    while (await this.#pause(TEND_MS)) {
      // Whatever can't be done now is done the next time.
      await within(this.#runtime, TEND_MS, engine.tend()).catch(() => {});
    }
  }

  /** The one place that changes the state. */
  #on(event: LogEvent): void {
    const before = this.#state;
    this.#state = stateAfter(before, event, (engine) => this.#prepare(engine));
    if (this.#state.kind === 'recovering' && this.#state !== before) void this.#recover(this.#state.engine);
  }

  #prepare(engine: Promise<Engine>): Promise<Engine> {
    const prepared = engine.then(async (standing) => {
      await this.#insist(() => standing.prepare());
      return standing;
    });
    prepared.catch(() => {});
    return prepared;
  }

  /** Joins the live feed on to the stream again, and then has readers read what they may have missed. */
  async #recover(engine: Promise<Engine>): Promise<void> {
    try {
      const standing = await engine;
      await this.#insist(() => standing.resume());
      this.#on({ kind: 'recovered', engine });
    } catch {
      // Only that the log is closed ends an insistence.
    }
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
  #pause(ms: number): Promise<boolean> {
    return pause(this.#runtime, ms, this.#closing.signal);
  }
}

function engineOf(state: LogState): Promise<Engine> | undefined {
  return 'engine' in state ? state.engine : undefined;
}
