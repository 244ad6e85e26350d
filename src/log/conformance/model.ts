import assert from 'node:assert/strict';
import type { Position } from '../../protocol/position.ts';
import { FROM_NOW, FROM_START, type Start } from '../../protocol/start.ts';
import type { StoredGap } from '../gap.ts';
import type { Follower, Log, Page, PageLimit, Retention } from '../log.ts';
import type { StoredMessage } from '../message.ts';
import { after, append, gapsOf, messagesOf, placeOf } from './asking.ts';

const CHANNELS = ['none', 'two', 'five', 'young', 'all'] as const;

const RETENTION: Record<string, Retention> = {
  none: { count: 0, ageMs: 1e9 },
  two: { count: 2, ageMs: 1e9 },
  five: { count: 5, ageMs: 100 },
  young: { count: 1000, ageMs: 50 },
  all: { count: 1000, ageMs: 1e9 },
};

interface Appended {
  readonly position: Position;
  readonly channel: string;
  readonly time: number;
  removed: boolean;
}

interface Reader {
  readonly channels: readonly string[];
  start: Start;
  /** Where it began, once that has a place in this epoch: from there on it is owed everything. */
  readonly since: number | undefined;
  readonly given: Set<number>;
  readonly gaps: StoredGap[];
}

function readerOf(channels: readonly string[], start: Start, since?: number): Reader {
  return { channels, start, since, given: new Set(), gaps: [] };
}

/** A log as plainly as it can be said, which watches what the log under test answers. */
export class LogModel {
  now = 1_000_000;
  readonly clock = (): number => this.now;
  readonly retention = (channel: string): Retention => RETENTION[channel]!;
  readonly follower: Follower = {
    appended: (message) => {
      this.#told.push(message.sequence);
      this.#heard();
    },
    interrupted: () => {
      this.#told = [];
      this.#toTell = [];
      this.#heard();
    },
  };
  readonly #forgets: boolean;
  readonly #keyTtlMs: number;
  readonly #messages: Appended[] = [];
  readonly #keys = new Map<string, { sequence: number; until: number }>();
  readonly #readers: Reader[] = [0, 1, 2].map(() => readerOf(['all', 'two'], FROM_START));
  readonly #followed = new Set<string>();
  #told: number[] = [];
  /** What must be told; an interruption excuses from what came before it. */
  #toTell: number[] = [];
  readonly #mayBeTold = new Set<number>();
  #heard: () => void = () => {};

  /** @param forgets whether the log may have forgotten what it knew of an empty channel */
  constructor(forgets: boolean, keyTtlMs: number) {
    this.#forgets = forgets;
    this.#keyTtlMs = keyTtlMs;
  }

  async append(log: Log, channelIndex: number, key: number | undefined, aliases: readonly number[]) {
    const channel = CHANNELS[channelIndex]!;
    const scoped = (one: number) => `${channel} ${one}`;
    const known = key === undefined ? undefined : this.#keys.get(scoped(key));
    const first = known && known.until > this.now ? known.sequence : undefined;
    const { position, duplicate } = await append(log, channel, `${this.#messages.length}`, {
      time: this.now,
      aliases: aliases.map(String),
      ...(key === undefined ? {} : { key: String(key) }),
    });
    assert.equal(duplicate, first !== undefined, 'what is known by its key is a duplicate');
    if (first !== undefined) {
      assert.equal(position.sequence, first);
      return;
    }
    const last = this.#messages.at(-1);
    if (last) assert.ok(position.sequence > last.position.sequence && position.epoch === last.position.epoch);
    this.#messages.push({ position: placeOf(position), channel, time: this.now, removed: false });
    for (const one of key === undefined ? aliases : [key, ...aliases]) {
      this.#keys.set(scoped(one), { sequence: position.sequence, until: this.now + this.#keyTtlMs });
    }
    if (this.#followed.has(channel)) {
      this.#toTell.push(position.sequence);
      this.#mayBeTold.add(position.sequence);
    }
    this.#trim();
  }

  async follow(log: Log, channelIndex: number): Promise<void> {
    const channel = CHANNELS[channelIndex]!;
    await log.follow(channel);
    this.#followed.add(channel);
  }

  async unfollow(log: Log, channelIndex: number): Promise<void> {
    // What a log of many nodes tells of may still be on its way.
    await this.#everythingTold();
    const channel = CHANNELS[channelIndex]!;
    log.unfollow(channel);
    this.#followed.delete(channel);
  }

  restart(
    reader: number,
    channels: readonly number[],
    kind: 'now' | 'start' | 'last' | 'past' | 'foreign',
    amount: number,
  ): void {
    const start = this.#startOf(kind, amount);
    const ours = start.kind === 'after' && this.#isOurs(start.position);
    const names = channels.map((index) => CHANNELS[index]!);
    this.#readers[reader] = readerOf(names, start, ours ? start.position.sequence : undefined);
  }

  /** Reads the reader's next page, and holds it to the contract. */
  async read(log: Log, index: number, limit: PageLimit, cut = Infinity): Promise<boolean> {
    const reader = this.#readers[index]!;
    this.#trim();
    const page = await log.read(reader.channels, reader.start, limit);
    const messages = messagesOf(page);
    assert.ok(messages.length <= limit.messages);
    this.#checkOrder(page, reader.start);
    this.#checkMessages(page, reader);
    if (reader.start.kind === 'after') this.#checkGaps(page, reader.channels, reader.start.position);
    else assert.deepEqual(gapsOf(page), []);
    return this.#moveOn(reader, page, cut);
  }

  async readToTheEnd(log: Log): Promise<void> {
    for (const [index, reader] of this.#readers.entries()) {
      while (await this.read(log, index, { messages: 3, bytes: 1000 }));
      this.#checkAccount(reader);
    }
    await this.#everythingTold();
    for (const [index, sequence] of this.#told.entries()) {
      assert.ok(index === 0 || sequence > this.#told[index - 1]!, 'appends are told of once and in order');
      assert.ok(this.#mayBeTold.has(sequence), 'only appends to followed channels are told of');
    }
  }

  /** A log that never tells runs into the test's time limit. */
  async #everythingTold(): Promise<void> {
    while (!this.#toTell.every((sequence) => this.#told.includes(sequence))) {
      await new Promise<void>((resolve) => {
        this.#heard = resolve;
      });
    }
  }

  /** The reader has had so many of the page's items, and comes again as PROTOCOL says: with its last id, or the page's. */
  #moveOn(reader: Reader, page: Page, cut: number): boolean {
    const had = { items: page.items.slice(0, cut) };
    const last = messagesOf(had).at(-1);
    for (const { sequence } of messagesOf(had)) reader.given.add(sequence);
    reader.gaps.push(...gapsOf(had));
    const [only] = reader.channels.length === 1 ? gapsOf(had) : [];
    if (had.items.length === page.items.length) reader.start = after(placeOf(page.position));
    else if (last ?? only) reader.start = after(placeOf(last ?? only!.to));
    return page.more || had.items.length < page.items.length;
  }

  /** Everything since its beginning was given to a reader, or lies in a gap that it was told of. */
  #checkAccount({ channels, since, given, gaps }: Reader): void {
    if (since === undefined) return;
    for (const { channel, position } of this.#messages) {
      const { sequence } = position;
      if (sequence <= since || !channels.includes(channel) || given.has(sequence)) continue;
      const gap = gaps.find(
        ({ from, to, ...one }) =>
          one.channel === channel && from.sequence < sequence && sequence <= to.sequence,
      );
      assert.ok(gap, `message ${sequence} of ${channel} was given, or is in a gap`);
    }
  }

  #checkOrder(page: Page, start: Start): void {
    let reached = start.kind === 'after' && this.#isOurs(start.position) ? start.position.sequence : -1;
    const from = reached;
    const firstMessage = page.items.findIndex(({ kind }) => kind === 'message');
    assert.ok(
      firstMessage === -1 || page.items.slice(firstMessage).every(({ kind }) => kind === 'message'),
      'gaps stand in front',
    );
    for (const { sequence } of messagesOf(page)) {
      assert.ok(sequence > reached, 'messages rise');
      reached = sequence;
    }
    assert.ok(page.position.sequence >= reached, 'the position covers the page');
    if (reached > from && page.more) assert.equal(page.position.sequence, reached);
  }

  /** Exactly what is retained between the start and the page's position. */
  #checkMessages(page: Page, { channels, start }: Reader): void {
    const retained = this.#messages.filter(({ channel, removed }) => channels.includes(channel) && !removed);
    const expected = {
      now: () => [],
      start: () => retained,
      last: () => retained.slice(-(start as { count: number }).count),
      after: () => {
        const { position } = start as { position: Position };
        const from = this.#isOurs(position) ? position.sequence : 0;
        return retained.filter(({ position: { sequence } }) => sequence > from);
      },
    }[start.kind]();
    const upTo = expected.filter(({ position }) => position.sequence <= page.position.sequence);
    assert.deepEqual(
      messagesOf(page).map(({ sequence }: StoredMessage) => sequence),
      upTo.map(({ position }) => position.sequence),
    );
    assert.equal(page.more, upTo.length < expected.length, 'there is more if and only if it says so');
  }

  /** A channel is announced if and only if something after the start was removed, from there to the last of it. */
  #checkGaps(page: Page, channels: readonly string[], from: Position): void {
    const gaps = gapsOf(page);
    assert.equal(new Set(gaps.map(({ channel }) => channel)).size, gaps.length, 'one gap a channel');
    for (const channel of channels) {
      const gap = gaps.find((one) => one.channel === channel);
      const removed = this.#messages.findLast((one) => one.channel === channel && one.removed);
      const removedThrough = removed?.position.sequence ?? 0;
      if (!this.#isOurs(from)) assert.equal(gap?.reason, 'epoch');
      else if (removedThrough > from.sequence) assert.notEqual(gap?.reason, 'epoch');
      else if (gap) assert.ok(this.#forgets, `nothing of ${channel} was removed`);
      if (removedThrough > from.sequence || !this.#isOurs(from)) {
        assert.ok(gap, `what ${channel} lost is announced`);
        assert.deepEqual(gap.from, from);
        assert.ok(this.#forgets ? gap.to.sequence >= removedThrough : gap.to.sequence === removedThrough);
      }
    }
  }

  #startOf(kind: 'now' | 'start' | 'last' | 'past' | 'foreign', amount: number): Start {
    switch (kind) {
      case 'now':
        return FROM_NOW;
      case 'start':
        return FROM_START;
      case 'last':
        return { kind: 'last', count: amount };
      case 'past':
        return after(this.#messages.at(-amount)?.position ?? { epoch: 'foreign', sequence: amount });
      case 'foreign':
        return after({ epoch: 'foreign', sequence: amount });
    }
  }

  #isOurs(position: Position): boolean {
    return position.epoch !== 'foreign';
  }

  #trim(): void {
    for (const channel of CHANNELS) {
      const { count, ageMs } = RETENTION[channel]!;
      const kept = this.#messages.filter((one) => one.channel === channel && !one.removed);
      for (const [index, message] of kept.entries()) {
        message.removed = index < kept.length - count || message.time + ageMs <= this.now;
      }
    }
  }
}
