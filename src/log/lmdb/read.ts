import type { Position } from '../../protocol/position.ts';
import type { Start } from '../../protocol/start.ts';
import type { StoredGap } from '../gap.ts';
import { cutPage } from '../kit/page.ts';
import type { Page, PageLimit, Retention } from '../log.ts';
import type { StoredMessage } from '../message.ts';
import { decodeRecord } from './record.ts';
import { outdated, retained, unknownChannel } from './retention.ts';
import { type ChannelState, type LogState, readState, type Store } from './store.ts';

/** A retained message, before its record is read. */
interface Entry {
  readonly sequence: number;
  readonly bytes: number;
}

/** Reads a page from one snapshot of the log: it waits for no writer, of whatever process. */
export function readPage(
  store: Store,
  channels: readonly string[],
  start: Start,
  limit: PageLimit,
  retention: (channel: string) => Retention,
  now: number,
): Page {
  const read = new Read(store, readState(store), channels, retention, now);
  switch (start.kind) {
    case 'now':
      return { items: [], position: read.newest, more: false };
    case 'last':
      return read.last(start.count, limit);
    case 'start':
      return read.after(0, [], limit);
    case 'after': {
      const { position } = start;
      return read.knows(position)
        ? read.after(position.sequence, read.gapsSince(position), limit)
        : read.after(0, read.gapsOfEpoch(position), limit);
    }
  }
}

class Read {
  readonly #store: Store;
  readonly #state: LogState;
  /** As retention has them now, though not all that is outdated may have been removed yet. */
  readonly #channels: ReadonlyMap<string, ChannelState>;

  constructor(
    store: Store,
    state: LogState,
    channels: readonly string[],
    retention: (channel: string) => Retention,
    now: number,
  ) {
    this.#store = store;
    this.#state = state;
    this.#channels = new Map(
      channels.map((channel) => {
        const known = store.channels.get(channel);
        if (!known) return [channel, unknownChannel(state.forgottenThrough)];
        let { length, trimmedThrough, reason } = known;
        for (const one of outdated(store, channel, known, retention(channel), now)) {
          length -= 1;
          trimmedThrough = one.sequence;
          reason = one.reason;
        }
        return [channel, { last: known.last, length, trimmedThrough, reason }];
      }),
    );
  }

  get newest(): Position {
    return this.#at(Math.max(...[...this.#channels.values()].map(({ last }) => last)));
  }

  knows({ epoch, sequence }: Position): boolean {
    return epoch === this.#state.epoch && sequence <= this.#state.sequence;
  }

  after(sequence: number, gaps: readonly StoredGap[], limit: PageLimit): Page {
    const entries: Entry[] = [];
    for (const [channel, { trimmedThrough }] of this.#channels) {
      // One more than asked for, to know whether there is more.
      const range = retained(this.#store, channel, Math.max(sequence, trimmedThrough), limit.messages + 1);
      for (const { key, value } of range) entries.push({ sequence: key[1], bytes: value[1] });
    }
    return this.#page(entries, gaps, sequence, limit);
  }

  last(count: number, limit: PageLimit): Page {
    const entries: Entry[] = [];
    for (const [channel, { trimmedThrough, length }] of this.#channels) {
      const newest = this.#store.index.getRange({
        start: [channel, Number.MAX_SAFE_INTEGER],
        end: [channel, trimmedThrough],
        reverse: true,
        limit: Math.min(count, length),
      });
      for (const { key, value } of newest) entries.push({ sequence: key[1], bytes: value[1] });
    }
    entries.sort(bySequence);
    return this.#page(entries.slice(-count), [], 0, limit);
  }

  gapsSince(from: Position): StoredGap[] {
    return [...this.#channels].flatMap(([channel, { trimmedThrough, reason }]) =>
      trimmedThrough > from.sequence ? { channel, from, to: this.#at(trimmedThrough), reason } : [],
    );
  }

  gapsOfEpoch(from: Position): StoredGap[] {
    return [...this.#channels].map(([channel, { trimmedThrough }]) => ({
      channel,
      from,
      to: this.#at(trimmedThrough),
      reason: 'epoch',
    }));
  }

  #page(entries: Entry[], gaps: readonly StoredGap[], after: number, limit: PageLimit): Page {
    entries.sort(bySequence);
    const messages = worthReading(entries, limit).map((entry) => this.#message(entry));
    const { items, end } = cutPage(gaps, messages, limit);
    const position = end ?? this.#at(Math.max(after, this.newest.sequence));
    return { items, position, more: end !== undefined };
  }

  #message({ sequence }: Entry): StoredMessage {
    return decodeRecord(this.#at(sequence), this.#store.messages.get(sequence)!);
  }

  #at(sequence: number): Position {
    return { epoch: this.#state.epoch, sequence };
  }
}

/** What may fit the page, and one more: of many channels, most of what was found does not. */
function worthReading(entries: readonly Entry[], limit: PageLimit): readonly Entry[] {
  let bytes = 0;
  const beyond = entries.findIndex((entry, index) => {
    bytes += entry.bytes;
    return index >= limit.messages || (index > 0 && bytes > limit.bytes);
  });
  return beyond === -1 ? entries : entries.slice(0, beyond + 1);
}

function bySequence(a: Entry, b: Entry): number {
  return a.sequence - b.sequence;
}
