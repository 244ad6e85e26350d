import type { GapReason } from '../../protocol/gap.ts';
import type { Position } from '../../protocol/position.ts';
import type { StoredGap } from '../gap.ts';
import type { Retention } from '../log.ts';
import { type Payload, payloadSize, type StoredMessage } from '../message.ts';

/** How many trimmed places at the front are worth a copy of the rest. */
const COMPACT_AT = 512;

/** What a message takes beside its payload: 190 bytes as text, 370 with a buffer of its own (measured on Node 20). */
const PLACE_BYTES = 256;

/** What a message costs: without its place, a log full of tiny ones would be many times as large as it may be. */
export function costOf({ payload }: StoredMessage): number {
  return PLACE_BYTES + heldBytes(payload, payloadSize(payload));
}

/**
 * V8 holds a text in one byte a character, or in two where one of them is beyond Latin-1. To look for that one
 * takes as long as to read the text, so any that is beyond ASCII counts.
 */
function heldBytes(payload: Payload, size: number): number {
  if (payload.kind === 'binary') return size;
  return size === payload.text.length ? size : payload.text.length * 2;
}

/** What one channel retains, and the highest sequence that it no longer does. */
export class ChannelHistory {
  /** Its one name: each publish comes with a text of its own, which its message would keep. */
  readonly channel: string;
  readonly #messages: StoredMessage[] = [];
  /** Of each message its payload's bytes: to count them again when it goes takes as long as to read it. */
  readonly #sizes: number[] = [];
  #head = 0;
  #trimmed: { readonly through: number; readonly reason: GapReason } | undefined;
  /** Sequence of the newest message ever appended. */
  last: number;
  /** What its messages cost in memory. */
  cost = 0;
  #payloadBytes = 0;

  /** @param forgottenThrough up to here the channel may have held messages of which nothing is known any more */
  constructor(channel: string, forgottenThrough: number) {
    this.channel = channel;
    this.last = forgottenThrough;
    if (forgottenThrough > 0) this.#trimmed = { through: forgottenThrough, reason: 'expired' };
  }

  get length(): number {
    return this.#messages.length - this.#head;
  }

  get oldest(): StoredMessage | undefined {
    return this.#messages[this.#head];
  }

  append(message: StoredMessage): void {
    this.#messages.push(message);
    this.last = message.sequence;
    const size = payloadSize(message.payload);
    this.#sizes.push(size);
    this.cost += PLACE_BYTES + heldBytes(message.payload, size);
    this.#payloadBytes += size;
  }

  /** Drops what retention no longer keeps. */
  enforce({ count, ageMs, bytes = Number.POSITIVE_INFINITY }: Retention, now: number): void {
    while (this.length > count || this.#payloadBytes > bytes) this.dropOldest('trimmed');
    for (let oldest = this.oldest; oldest && oldest.time + ageMs <= now; oldest = this.oldest) {
      this.dropOldest('expired');
    }
  }

  dropOldest(reason: GapReason): void {
    const message = this.oldest;
    if (!message) return;
    const size = this.#sizes[this.#head]!;
    this.cost -= PLACE_BYTES + heldBytes(message.payload, size);
    this.#payloadBytes -= size;
    this.#trimmed = { through: message.sequence, reason };
    // Its memory is free at once, though the place waits for the next copy: 512 messages may be 512 MB.
    (this.#messages as (StoredMessage | undefined)[])[this.#head] = undefined;
    this.#head += 1;
    if (this.#head >= COMPACT_AT && this.#head * 2 >= this.#messages.length) {
      this.#messages.splice(0, this.#head);
      this.#sizes.splice(0, this.#head);
      this.#head = 0;
    }
  }

  /** At most `count` messages after a sequence. */
  after(sequence: number, count: number): StoredMessage[] {
    const from = this.#indexAfter(sequence);
    return this.#messages.slice(from, from + count);
  }

  /** The newest `count` messages. */
  newest(count: number): StoredMessage[] {
    return this.#messages.slice(Math.max(this.#head, this.#messages.length - count));
  }

  /** What a subscriber at `from` has missed for good, if anything. */
  gapSince(channel: string, from: Position): StoredGap | undefined {
    const trimmed = this.#trimmed;
    if (!trimmed || trimmed.through <= from.sequence) return undefined;
    return { channel, from, to: { epoch: from.epoch, sequence: trimmed.through }, reason: trimmed.reason };
  }

  /** The place before the oldest retained message. */
  get trimmedThrough(): number {
    return this.#trimmed?.through ?? 0;
  }

  #indexAfter(sequence: number): number {
    let low = this.#head;
    let high = this.#messages.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#messages[middle]!.sequence <= sequence) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
