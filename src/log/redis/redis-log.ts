import type { Position } from '../../protocol/position.ts';
import { type Runtime, SYSTEM_RUNTIME } from '../../protocol/runtime.ts';
import type { Start } from '../../protocol/start.ts';
import type { Addition, Outcome } from '../addition.ts';
import type { Census } from '../census.ts';
import type { StoredGap } from '../gap.ts';
import { idempotencyConflict } from '../idempotency-key.ts';
import { newEpoch, newName } from '../kit/names.ts';
import { checkedOptions } from '../kit/options.ts';
import { cutPage } from '../kit/page.ts';
import { TickBatch } from '../kit/tick-batch.ts';
import { refusing } from '../kit/unavailable.ts';
import type { Follower, Log, LogCapabilities, Page, PageLimit, Retention } from '../log.ts';
import { payloadSize, type StoredMessage } from '../message.ts';
import type { Roster } from '../roster.ts';
import { type Argument, appendArguments, MAX_RETENTION } from './append-arguments.ts';
import { AS_BYTES, connectionLike, createClient, type RedisClient } from './driver.ts';
import { Keys } from './keys.ts';
import { LiveFeed } from './live-feed.ts';
import { REDIS_DEFAULTS, type RedisLogOptions, TAKES } from './options.ts';
import { decodeEntry, previousOf } from './record.ts';
import { redisCensus } from './redis-census.ts';
import { RedisConnection } from './redis-connection.ts';
import { RedisRoster } from './redis-roster.ts';
import type { AppendReply, ChannelReply, ReadReply } from './replies.ts';
import { loadScripts, type Script, type ScriptName, type Scripts } from './script.ts';

/** How long the key of a health check stays. */
const HEALTH_TTL_MS = '60000';

/** Payload bytes in one call, and how many a message counts for: Redis does nothing else until it is done. */
const CALL_BYTES = 1024 * 1024;
const MESSAGE_BYTES = 4 * 1024;

/**
 * A log in Redis 6.2 or newer that many nodes share: a stream for each channel, announcements by PUBLISH.
 * As durable as that Redis is. It must not evict (`maxmemory-policy noeviction`), and not be a cluster.
 * @param options a text alone is the URL
 * @throws TypeError for an option that is unknown or can't hold
 */
export function redisLog(options: string | RedisLogOptions = {}): Log {
  return new RedisLog(checkedOptions('redisLog', options, TAKES, 'url'));
}

/** What calls need, once the driver is loaded; the connections may stand or not. */
interface Prepared {
  readonly keys: Keys;
  readonly scripts: Scripts;
  /** What this node is called by the others. */
  readonly node: string;
  readonly connection: RedisConnection;
  readonly live: LiveFeed;
}

class RedisLog implements Log {
  readonly capabilities: LogCapabilities = { name: 'redis', durable: true, shared: true, atomic: true };
  readonly roster: Roster = new RedisRoster((action, args) =>
    this.#evaluate('roster', ({ keys, node }) => [[keys.roster], [action, node, ...args]]),
  );
  readonly census: Census = redisCensus({
    ranges: (channels) =>
      this.#evaluate('range', ({ keys }) => [
        [...keys.shared, ...channels.map((channel) => keys.history(channel))],
        [
          this.#clock(),
          ...channels.map((channel) => Math.min(this.#retention(channel).ageMs, MAX_RETENTION.ageMs)),
        ],
      ]),
    newest: (maxChannels) => this.#ask(({ keys }) => ['ZREVRANGE', keys.channels, '0', `${maxChannels - 1}`]),
    count: () => this.#ask(({ keys }) => ['ZCARD', keys.channels]),
  });
  readonly #options: RedisLogOptions & typeof REDIS_DEFAULTS;
  /** Until this resolves calls wait. */
  #prepared: Promise<Prepared> = refusing('the log is not open');
  #follower: Follower | undefined;
  #retention: (channel: string) => Retention = () => MAX_RETENTION;
  #clock: () => number = SYSTEM_RUNTIME.now;
  /** What has been asked for within this turn: after an interruption a crowd reads on from one place. */
  readonly #reads = new Map<string, Promise<Page>>();
  /** The newest position this node knows of. */
  #seen: Position | undefined;
  readonly #appends = new TickBatch(
    (additions: readonly Addition[]) => this.#append(additions),
    ({ message }) => MESSAGE_BYTES + payloadSize(message.payload),
    CALL_BYTES,
  );

  constructor(options: RedisLogOptions) {
    this.#options = { ...REDIS_DEFAULTS, ...options };
  }

  async open(
    follower: Follower,
    retention: (channel: string) => Retention,
    runtime: Runtime = SYSTEM_RUNTIME,
  ): Promise<void> {
    this.#follower = follower;
    this.#retention = retention;
    this.#clock = this.#options.clock ?? (() => runtime.now());
    this.#prepared = this.#prepare(runtime);
    const { connection, live } = await this.#prepared;
    await Promise.all([connection.open(), live.open()]);
  }

  async close(): Promise<void> {
    const prepared = await this.#prepared.catch(() => undefined);
    prepared?.live.close();
    prepared?.connection.close();
  }

  append(additions: readonly Addition[]): Promise<readonly Outcome[]> {
    return this.#appends.add(additions);
  }

  read(channels: readonly string[], start: Start, limit: PageLimit): Promise<Page> {
    const asked = JSON.stringify([channels, start, limit]);
    let page = this.#reads.get(asked);
    if (!page) {
      page = this.#read(channels, start, limit);
      this.#reads.set(asked, page);
      // That is before it is sent: a later caller may need a newer answer.
      queueMicrotask(() => this.#reads.delete(asked));
    }
    return page;
  }

  async follow(channel: string): Promise<void> {
    await (await this.#prepared).live.follow(channel);
  }

  unfollow(channel: string): void {
    this.#prepared.then(
      ({ live }) => live.unfollow(channel),
      () => {},
    );
  }

  /** As a full Redis, one that can't save and a replica refuse every command that may take memory. */
  async writable(): Promise<void> {
    await this.#ask(({ keys }) => ['SET', keys.health, '1', 'PX', HEALTH_TTL_MS]);
  }

  async #append(additions: readonly Addition[]): Promise<readonly Outcome[]> {
    const options = { ...this.#options, retention: this.#retention, now: this.#clock() };
    const inputs = ({ keys }: Prepared) => appendArguments(keys, additions, options);
    const reply = await this.#evaluate('append', inputs, additions.length);
    const [epochBytes, numbers] = reply as AppendReply;
    const epoch = epochBytes.toString();
    return additions.map((_, index): Outcome => {
      const position = { epoch, sequence: numbers[2 * index]! };
      const kind = numbers[2 * index + 1];
      this.#see(position);
      return kind === 2 ? idempotencyConflict() : { position, duplicate: kind === 1 };
    });
  }

  async #read(channels: readonly string[], start: Start, limit: PageLimit): Promise<Page> {
    const reply = await this.#evaluate('read', ({ keys }) => [
      [...keys.shared, ...channels.map((channel) => keys.history(channel))],
      [
        this.#clock(),
        ...startArguments(start),
        limit.messages,
        limit.bytes,
        ...channels.flatMap((channel) => [
          channel,
          Math.min(this.#retention(channel).ageMs, MAX_RETENTION.ageMs),
        ]),
      ],
    ]);
    const [epochBytes, sequence, found, replies] = reply as ReadReply;
    const epoch = epochBytes.toString();
    this.#see({ epoch, sequence });
    const gaps: StoredGap[] = [];
    const messages: StoredMessage[] = [];
    for (const [index, channel] of channels.entries()) {
      const reply = replies[index]!;
      if (start.kind === 'after') {
        const gap = this.#gapOf(channel, start.position, epoch, found === 1, reply);
        if (gap) gaps.push(gap);
      }
      for (const entry of reply[2]) messages.push(decodeEntry(epoch, channel, entry));
    }
    const { items, end } = cutPage(gaps, messages, limit);
    const after = found === 1 && start.kind === 'after' ? start.position.sequence : 0;
    const newest = Math.max(after, ...replies.map(([last]) => last));
    return { items, position: end ?? { epoch, sequence: newest }, more: end !== undefined };
  }

  /**
   * Each entry names the one before it on its channel: if that lies after the place where reading began, it
   * and whatever was between are gone.
   */
  #gapOf(
    channel: string,
    from: Position,
    epoch: string,
    found: boolean,
    [newest, kept, entries, cut]: ChannelReply,
  ): StoredGap | undefined {
    const missing = entries[0] ? previousOf(entries[0]) : newest;
    const to = { epoch, sequence: missing };
    if (!found) return { channel, from, to, reason: 'epoch' };
    if (missing <= from.sequence) return undefined;
    // A full channel loses its oldest by count; one that is not full has lost them for their bytes, or else by age.
    const full = kept >= this.#retention(channel).count || missing <= cut;
    return { channel, from, to, reason: full ? 'trimmed' : 'expired' };
  }

  async #prepare(runtime: Runtime): Promise<Prepared> {
    const { url, prefix, timeoutMs } = this.#options;
    const scripts = await loadScripts();
    const client = this.#options.client ?? (await createClient(url));
    const keys = new Keys(prefix, client.options?.database ?? 0);
    const connecting = { create: () => connectionLike(client, timeoutMs), timeoutMs, runtime };
    const greet = async (opened: RedisClient) =>
      this.#see(await this.#greet(opened, keys, scripts, newEpoch(runtime)));
    const live = new LiveFeed({
      ...connecting,
      prefix: keys.live,
      announced: (message) => {
        this.#see(message);
        this.#follower?.appended(message);
      },
      interrupted: () => this.#follower?.interrupted(),
    });
    return {
      keys,
      scripts,
      node: newName(runtime),
      connection: new RedisConnection({ ...connecting, greet }),
      live,
    };
  }

  /** Loads the scripts, and agrees with Redis on the epoch. @param fresh an epoch in case that there is none */
  async #greet(client: RedisClient, keys: Keys, scripts: Scripts, fresh: string): Promise<Position> {
    for (const { source } of Object.values(scripts)) await client.sendCommand(['SCRIPT', 'LOAD', source]);
    const info = String(await client.sendCommand(['INFO', 'server']));
    const run = /^run_id:(\w+)/m.exec(info)?.[1] ?? '';
    const { epoch, sequence } = this.#seen ?? { epoch: '', sequence: 0 };
    const hello = evaluation(scripts.hello, keys.shared, [fresh, run, epoch, sequence]);
    return { epoch: String(await client.sendCommand(hello)), sequence: 0 };
  }

  /** @throws FanwireError `log_unavailable` */
  async #evaluate(
    script: ScriptName,
    inputs: (prepared: Prepared) => readonly [keys: readonly string[], args: readonly Argument[]],
    weight?: number,
  ): Promise<unknown> {
    return this.#ask((prepared) => evaluation(prepared.scripts[script], ...inputs(prepared)), weight);
  }

  /** @param weight as `Calls` counts it. @throws FanwireError `log_unavailable` */
  async #ask(command: (prepared: Prepared) => (string | Buffer)[], weight?: number): Promise<unknown> {
    const prepared = await this.#prepared;
    return prepared.connection.ask((client) => client.sendCommand(command(prepared), AS_BYTES), weight);
  }

  /** Another epoch means that positions of the old one lead nowhere: readers must ask again. */
  #see({ epoch, sequence }: Position): void {
    const seen = this.#seen;
    if (seen?.epoch === epoch && seen.sequence >= sequence) return;
    this.#seen = { epoch, sequence };
    if (seen && seen.epoch !== epoch) this.#follower?.interrupted();
  }
}

/** ARGV 2 to 4 of `read`. */
function startArguments(start: Start): [mode: string, epoch: string, amount: number] {
  switch (start.kind) {
    case 'after':
      return ['after', start.position.epoch, start.position.sequence];
    case 'last':
      return ['last', '', start.count];
    default:
      return [start.kind, '', 0];
  }
}

function evaluation(script: Script, keys: readonly string[], args: readonly Argument[]) {
  const values = args.map((one) => (typeof one === 'number' ? String(one) : one));
  return ['EVALSHA', script.sha, String(keys.length), ...keys, ...values];
}
