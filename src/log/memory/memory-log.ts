import { getHeapStatistics } from 'node:v8';
import { FanwireError } from '../../protocol/errors.ts';
import type { Position } from '../../protocol/position.ts';
import { type Runtime, SYSTEM_RUNTIME } from '../../protocol/runtime.ts';
import type { Start } from '../../protocol/start.ts';
import type { Addition, Outcome } from '../addition.ts';
import type { Census, RetainedRange } from '../census.ts';
import type { StoredGap } from '../gap.ts';
import { newEpoch } from '../kit/names.ts';
import { checkedOptions, DEFAULTS } from '../kit/options.ts';
import { cutPage } from '../kit/page.ts';
import type { Follower, Log, LogCapabilities, Page, PageLimit, Retention } from '../log.ts';
import type { Payload, StoredMessage } from '../message.ts';
import { ChannelHistory } from './channel-history.ts';
import { KeyMemory } from './key-memory.ts';
import { levelFor } from './level.ts';
import { type MemoryLogOptions, TAKES } from './options.ts';

/** Ten minutes of 166 publishes a second, or a hundred seconds of a thousand: a client retries within moments. */
const MAX_KEYS = 100_000;
/** How often channels that nobody reads or writes are looked over for what has expired. */
const SWEEP_MS = 5_000;
/** What is set free at once when the log is full, so that not every append looks over its channels. */
const SHED_SHARE = 0.1;
const MAX_BYTES = 256 * 1024 * 1024;
const HEAP_SHARE = 1 / 4;
/** What a channel takes beside its messages. */
const CHANNEL_BYTES = 512;

/** The default log: embedded, in memory, gone with the process. */
export function memoryLog(options: MemoryLogOptions = {}): Log {
  return new MemoryLog(checkedOptions('memoryLog', options, TAKES));
}

class MemoryLog implements Log {
  readonly capabilities: LogCapabilities = { name: 'memory', durable: false, shared: false, atomic: true };
  readonly census: Census = {
    ranges: async (channels) => channels.map((channel) => this.#range(channel)),
    newest: async (maxChannels) => this.#newestChannels(maxChannels),
    count: async () => this.#channels.size,
  };
  readonly #options: MemoryLogOptions;
  readonly #maxBytes: number;
  readonly #maxChannels: number;
  #epoch = '';
  #clock: () => number = SYSTEM_RUNTIME.now;
  readonly #keys: KeyMemory;
  readonly #channels = new Map<string, ChannelHistory>();
  readonly #followed = new Set<string>();
  #follower: Follower | undefined;
  #retention: (channel: string) => Retention = () => ({ count: 1000, ageMs: 86_400_000 });
  #sequence = 0;
  /** What messages and channels cost. */
  #bytes = 0;
  /** Those of the channels that hold nothing. */
  readonly #empty = new Set<string>();
  /** The highest sequence that a channel no longer remembered may have held. */
  #forgottenThrough = 0;
  #endSweeps = () => {};

  constructor(options: MemoryLogOptions) {
    this.#options = options;
    this.#maxBytes =
      options.maxBytes ?? Math.min(MAX_BYTES, getHeapStatistics().heap_size_limit * HEAP_SHARE);
    this.#maxChannels = options.maxChannels ?? DEFAULTS.maxChannels;
    this.#keys = new KeyMemory({
      ttlMs: options.keyTtlMs ?? DEFAULTS.keyTtlMs,
      maxKeys: options.maxKeys ?? MAX_KEYS,
      maxKeysOfScope: options.keysPerScope ?? DEFAULTS.keysPerScope,
    });
  }

  async open(
    follower: Follower,
    retention: (channel: string) => Retention,
    runtime: Runtime = SYSTEM_RUNTIME,
  ): Promise<void> {
    // A hub that is made anew over the same log finds what it held, and goes on in its epoch.
    this.#epoch ||= this.#options.epoch ?? newEpoch(runtime);
    this.#clock = this.#options.clock ?? (() => runtime.now());
    this.#follower = follower;
    this.#retention = retention;
    const sweeps = runtime.setInterval(() => this.#expireAll(), SWEEP_MS);
    sweeps.unref();
    this.#endSweeps = () => runtime.clear(sweeps);
  }

  async close(): Promise<void> {
    this.#endSweeps();
    this.#follower = undefined;
  }

  append(additions: readonly Addition[]): readonly Outcome[] {
    return additions.map((addition) => this.#append(addition));
  }

  #append({ message, idempotencyKey, aliases = [] }: Addition): Outcome {
    const now = this.#clock();
    const first = idempotencyKey && this.#keys.find(message.channel, idempotencyKey, now);
    if (first instanceof FanwireError) return first;
    if (first !== undefined) return { position: { epoch: this.#epoch, sequence: first }, duplicate: true };

    this.#sequence += 1;
    const history = this.#history(message.channel);
    const stored: StoredMessage = {
      epoch: this.#epoch,
      sequence: this.#sequence,
      channel: history.channel,
      type: message.type,
      from: message.from,
      time: message.time,
      payload: own(message.payload),
    };
    if (idempotencyKey) this.#keys.add(message.channel, idempotencyKey, stored.sequence, now);
    for (const alias of aliases) this.#keys.add(message.channel, alias, stored.sequence, now);
    const before = history.cost;
    history.append(stored);
    history.enforce(this.#retention(message.channel), now);
    this.#account(message.channel, history, before);
    if (this.#bytes > this.#maxBytes) this.#shed();
    if (this.#followed.has(message.channel)) this.#follower?.appended(stored);
    return { position: stored, duplicate: false };
  }

  async read(channels: readonly string[], start: Start, limit: PageLimit): Promise<Page> {
    const now = this.#clock();
    for (const channel of channels) this.#enforce(channel, now);
    switch (start.kind) {
      case 'now':
        return { items: [], position: this.#at(this.#newest(channels)), more: false };
      case 'last': {
        const newest = channels.flatMap((channel) => this.#channels.get(channel)?.newest(start.count) ?? []);
        newest.sort((a, b) => a.sequence - b.sequence);
        return this.#page([], newest.slice(-start.count), channels, 0, limit);
      }
      case 'start':
        return this.#readAfter(channels, this.#at(0), limit, () => undefined);
      case 'after': {
        const { position } = start;
        if (position.epoch !== this.#epoch || position.sequence > this.#sequence) {
          return this.#readAfter(channels, this.#at(0), limit, (channel) => ({
            channel,
            from: position,
            to: this.#at(this.#channels.get(channel)?.trimmedThrough ?? this.#forgottenThrough),
            reason: 'epoch',
          }));
        }
        return this.#readAfter(channels, position, limit, (channel) => this.#gapSince(channel, position));
      }
    }
  }

  async follow(channel: string): Promise<void> {
    this.#followed.add(channel);
  }

  unfollow(channel: string): void {
    this.#followed.delete(channel);
  }

  #readAfter(
    channels: readonly string[],
    after: Position,
    limit: PageLimit,
    gapOf: (channel: string) => StoredGap | undefined,
  ): Page {
    const gaps: StoredGap[] = [];
    const messages: StoredMessage[] = [];
    for (const channel of channels) {
      const gap = gapOf(channel);
      if (gap) gaps.push(gap);
      // One more than asked for, to know whether there is more.
      for (const message of this.#channels.get(channel)?.after(after.sequence, limit.messages + 1) ?? []) {
        messages.push(message);
      }
    }
    return this.#page(gaps, messages, channels, after.sequence, limit);
  }

  #page(
    gaps: readonly StoredGap[],
    messages: readonly StoredMessage[],
    channels: readonly string[],
    after: number,
    limit: PageLimit,
  ): Page {
    const { items, end } = cutPage(gaps, messages, limit);
    const position = end ?? this.#at(Math.max(after, this.#newest(channels)));
    return { items, position, more: end !== undefined };
  }

  #gapSince(channel: string, from: Position): StoredGap | undefined {
    const history = this.#channels.get(channel);
    if (history) return history.gapSince(channel, from);
    if (from.sequence >= this.#forgottenThrough) return undefined;
    return { channel, from, to: this.#at(this.#forgottenThrough), reason: 'expired' };
  }

  #range(channel: string): RetainedRange | undefined {
    this.#enforce(channel, this.#clock());
    const history = this.#channels.get(channel);
    if (!history?.oldest) return undefined;
    return {
      count: history.length,
      oldest: this.#at(history.oldest.sequence),
      newest: this.#at(history.last),
    };
  }

  #newestChannels(maxChannels: number): string[] {
    // Numbers first: to sort a hundred thousand names takes ten times as long.
    const last = Float64Array.from(this.#channels.values(), (history) => history.last).sort();
    const least = last.at(-maxChannels) ?? 0;
    return [...this.#channels]
      .filter(([, history]) => history.last >= least)
      .sort(([, a], [, b]) => b.last - a.last)
      .slice(0, maxChannels)
      .map(([channel]) => channel);
  }

  #newest(channels: readonly string[]): number {
    return Math.max(
      ...channels.map((channel) => this.#channels.get(channel)?.last ?? this.#forgottenThrough),
    );
  }

  #at(sequence: number): Position {
    return { epoch: this.#epoch, sequence };
  }

  #history(channel: string): ChannelHistory {
    let history = this.#channels.get(channel);
    if (!history) {
      if (this.#channels.size >= this.#maxChannels) this.#forgetOne();
      history = new ChannelHistory(channel, this.#forgottenThrough);
      this.#channels.set(channel, history);
      this.#bytes += CHANNEL_BYTES;
    }
    return history;
  }

  #enforce(channel: string, now: number): void {
    const history = this.#channels.get(channel);
    if (!history) return;
    const before = history.cost;
    history.enforce(this.#retention(channel), now);
    this.#account(channel, history, before);
  }

  #account(channel: string, { cost, length }: ChannelHistory, before: number): void {
    this.#bytes += cost - before;
    if (length === 0) this.#empty.add(channel);
    else if (this.#empty.size > 0) this.#empty.delete(channel);
  }

  #expireAll(): void {
    const now = this.#clock();
    for (const channel of this.#channels.keys()) this.#enforce(channel, now);
  }

  /** Forgets channels that hold nothing, then lowers what a channel may hold, until a tenth is free. */
  #shed(): void {
    const target = this.#maxBytes * (1 - SHED_SHARE);
    while (this.#bytes > target && this.#empty.size > 0) this.#forgetOne();
    if (this.#bytes <= target) return;
    const level = levelFor(
      Array.from(this.#channels.values(), ({ cost }) => cost),
      this.#bytes - target,
    );
    for (const [channel, history] of this.#channels) {
      if (this.#bytes <= target) return;
      const before = history.cost;
      for (let excess = this.#bytes - target; history.cost > level && before - history.cost < excess; ) {
        history.dropOldest('trimmed');
      }
      this.#account(channel, history, before);
    }
  }

  #forgetOne(): void {
    const [channel] = this.#empty;
    if (channel === undefined) return;
    this.#forgottenThrough = Math.max(this.#forgottenThrough, this.#channels.get(channel)!.last);
    this.#channels.delete(channel);
    this.#empty.delete(channel);
    this.#bytes -= CHANNEL_BYTES;
  }
}

/** Bytes of our own: those of a socket are a view of all that was read with them, those of a program may change. */
function own(payload: Payload): Payload {
  return payload.kind === 'binary' ? { kind: 'binary', bytes: new Uint8Array(payload.bytes) } : payload;
}
