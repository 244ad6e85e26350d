import type { Addition, Outcome } from '../addition.ts';
import { idempotencyConflict } from '../idempotency-key.ts';
import type { Retention } from '../log.ts';
import type { StoredMessage } from '../message.ts';
import { payloadSize } from '../message.ts';
import type { HeavyChannels } from './heavy-channels.ts';
import { addKeys, findKey } from './keys.ts';
import { channelOf, encodeRecord } from './record.ts';
import { bytesOf, outdated, retained, unknownChannel } from './retention.ts';
import { type ChannelState, countChannels, type LogState, type Store } from './store.ts';

/** How far back messages that are not retained can be announced to other processes. */
export const FEED_MESSAGES = 4_096;
const FEED_BYTES = 16 * 1024 * 1024;

/** Removals in one transaction, which bounds how long it takes; the rest waits for the next one. */
const MAX_REMOVALS = 2_000;

/** Channels that lose in one transaction. */
const HEAVY_LOOKS = 8;

/** `bytes` is known of a channel that is written to. */
type WrittenState = ChannelState & { bytes: number };
const UNKNOWN = { kind: 'unknown' } as const;

export interface WriteOptions {
  readonly retention: (channel: string) => Retention;
  readonly maxBytes: number;
  readonly heavy: HeavyChannels;
  readonly maxChannels: number;
  readonly keyTtlMs: number;
  readonly keysPerScope: number;
}

/** What is done in one transaction, within it. */
export class Write {
  /** What was appended in it, in order. */
  readonly appended: StoredMessage[] = [];
  readonly #store: Store;
  readonly #options: WriteOptions;
  readonly #now: number;
  readonly #state: LogState;
  readonly #channels = new Map<string, WrittenState>();
  #removals = MAX_REMOVALS;

  constructor(store: Store, options: WriteOptions, now: number) {
    this.#store = store;
    this.#options = options;
    this.#now = now;
    this.#state = store.state.get('state')!;
  }

  /** Where something else is known under the key that is the outcome: to throw would undo the whole transaction. */
  append({ message, idempotencyKey, aliases = [] }: Addition): Outcome {
    const { channel, type, from, time, payload } = message;
    const { epoch } = this.#state;
    const first = idempotencyKey ? findKey(this.#store, channel, idempotencyKey, this.#now) : UNKNOWN;
    if (first.kind === 'other') return idempotencyConflict();
    if (first.kind === 'same') return { position: { epoch, sequence: first.sequence }, duplicate: true };

    const state = this.#channel(channel);
    const sequence = ++this.#state.sequence;
    const bytes = payloadSize(payload);
    this.#store.messages.put(sequence, encodeRecord(message));
    this.#store.index.put([channel, sequence], [time, bytes]);
    state.last = sequence;
    state.length += 1;
    state.bytes += bytes;
    this.#state.bytes += bytes;
    const keys = idempotencyKey ? [idempotencyKey, ...aliases] : aliases;
    addKeys(this.#store, channel, keys, sequence, this.#now, this.#options);
    const stored = { epoch, sequence, channel, type, from, time, payload };
    this.appended.push(stored);
    return { position: stored, duplicate: false };
  }

  /** Removes what a channel no longer retains. */
  trim(channel: string): void {
    const state = this.#channel(channel);
    const doomed = [];
    for (const one of outdated(this.#store, channel, state, this.#options.retention(channel), this.#now)) {
      if (--this.#removals < 0) break;
      doomed.push(one);
    }
    for (const { sequence, bytes, reason } of doomed) this.#release(channel, state, sequence, bytes, reason);
  }

  /** Whether there was more to remove than one transaction should. */
  get isFull(): boolean {
    return this.#removals < 0;
  }

  /** Forgets those of these channels that hold nothing, until there are no longer too many. */
  forgetEmpty(channels: readonly string[]): void {
    let surplus = countChannels(this.#store) - this.#options.maxChannels;
    for (const channel of channels) {
      const { length, last } = this.#channel(channel);
      if (length > 0 || surplus-- <= 0) continue;
      this.#state.forgottenThrough = Math.max(this.#state.forgottenThrough, last);
      this.#channels.delete(channel);
      this.#store.channels.remove(channel);
    }
  }

  /** To be called at the end, within the transaction. */
  finish(): void {
    // Once for each: to look for a channel's oldest takes as long as to append a message.
    for (const channel of new Set(this.appended.map((message) => message.channel))) this.trim(channel);
    if (this.#state.bytes > this.#options.maxBytes) this.#shed();
    this.#discard();
    for (const [channel, state] of this.#channels) {
      this.#store.channels.put(channel, state);
      this.#options.heavy.note(channel, state.bytes);
    }
    this.#store.state.put('state', this.#state);
  }

  #channel(channel: string): WrittenState {
    let state = this.#channels.get(channel);
    if (!state) {
      const known = this.#store.channels.get(channel) ?? unknownChannel(this.#state.forgottenThrough);
      state = { ...known, bytes: bytesOf(this.#store, channel, known) };
      this.#channels.set(channel, state);
    }
    return state;
  }

  /** The channels that hold most lose their oldest; where all hold little, the oldest of all go. */
  #shed(): void {
    const { heavy, maxBytes } = this.#options;
    for (let looks = 0; looks < HEAVY_LOOKS && this.#state.bytes > maxBytes; looks++) {
      const channel = heavy.heaviest(this.#store, this.#now);
      if (channel === undefined) break;
      this.#shedOf(channel);
      heavy.note(channel, this.#channel(channel).bytes);
    }
    if (this.#state.bytes > maxBytes) this.#shedOldest();
  }

  #shedOf(channel: string): void {
    const state = this.#channel(channel);
    const surplus = this.#state.bytes - this.#options.maxBytes;
    const doomed = [];
    let found = 0;
    for (const { key, value } of retained(this.#store, channel, state.trimmedThrough, MAX_REMOVALS)) {
      doomed.push({ sequence: key[1], bytes: value[1] });
      found += value[1];
      if (found >= surplus) break;
    }
    for (const { sequence, bytes } of doomed) this.#release(channel, state, sequence, bytes, 'trimmed');
  }

  #shedOldest(): void {
    const { messages, index } = this.#store;
    const doomed = [];
    let surplus = this.#state.bytes - this.#options.maxBytes;
    for (const { key: sequence, value } of messages.getRange({ limit: FEED_MESSAGES + MAX_REMOVALS })) {
      const channel = channelOf(value);
      const [, bytes] = index.get([channel, sequence]) ?? [];
      // Another has been released before.
      if (bytes === undefined) continue;
      doomed.push({ channel, sequence, bytes });
      surplus -= bytes;
      if (surplus <= 0) break;
    }
    for (const { channel, sequence, bytes } of doomed) {
      this.#release(channel, this.#channel(channel), sequence, bytes, 'trimmed');
    }
  }

  #release(
    channel: string,
    state: WrittenState,
    sequence: number,
    bytes: number,
    reason: ChannelState['reason'],
  ): void {
    this.#store.index.remove([channel, sequence]);
    state.length -= 1;
    state.bytes -= bytes;
    state.trimmedThrough = sequence;
    state.reason = reason;
    this.#state.bytes -= bytes;
    if (this.#isRecent(sequence)) {
      this.#state.releasedBytes += bytes;
      this.#store.released.put(sequence, bytes);
    } else {
      // No other process can still want it.
      this.#state.feedFrom = Math.max(this.#state.feedFrom, sequence);
      this.#store.messages.remove(sequence);
    }
  }

  /** Whether a message is so recent that another process may not know of it. */
  #isRecent(sequence: number): boolean {
    return sequence > this.#state.sequence - FEED_MESSAGES;
  }

  /** Deletes released messages, once other processes have had time to read them. */
  #discard(): void {
    const { released, messages } = this.#store;
    const done = [];
    let { releasedBytes } = this.#state;
    for (const { key: sequence, value: bytes } of released.getRange({})) {
      if (this.#isRecent(sequence) && releasedBytes <= FEED_BYTES) break;
      releasedBytes -= bytes;
      done.push(sequence);
    }
    this.#state.releasedBytes = releasedBytes;
    this.#state.feedFrom = Math.max(this.#state.feedFrom, done.at(-1) ?? 0);
    for (const sequence of done) {
      messages.remove(sequence);
      released.remove(sequence);
    }
  }
}
