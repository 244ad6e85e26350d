import type { ConsumerConfig, JsMsg } from '@nats-io/jetstream';
import type { GapReason } from '../../protocol/gap.ts';
import { unavailable } from '../kit/unavailable.ts';
import type { PageLimit, Retention } from '../log.ts';
import type { StoredMessage } from '../message.ts';
import type { Cuts } from './cuts.ts';
import { decodeHead, decodeRecord, HEADER, type Head } from './record.ts';
import { removalOf } from './removal.ts';
import type { Stream } from './stream.ts';

/** What a channel's history tells whoever has everything up to some place. */
export interface Stretch {
  readonly channel: string;
  /** Sequence of the channel's newest message, whether retained or not; 0 if there is none. */
  readonly newest: number;
  /** From the oldest on: all, or more than fit a page. */
  readonly messages: readonly StoredMessage[];
  /** The newest message that retention has removed. It stays in the stream to tell of itself. */
  readonly removed: { readonly sequence: number; readonly reason: GapReason } | undefined;
}

interface StoredRecord {
  readonly sequence: number;
  readonly head: Head;
  /** How many of the channel are newer. */
  readonly newer: number;
  readonly body: Uint8Array;
}

/** What is fetched at once, in payload bytes and in messages. */
const BATCH = { bytes: 1024 * 1024, messages: 256 };
/** After so many readings that contradict themselves the last one is taken. */
const TRIES = 5;
/** By how much the search for the newest messages goes back further each time. */
const STRIDE_FACTOR = 8;
/** After which the server forgets a consumer that its node could not delete. */
const CONSUMER_IDLE_MS = 10_000;

/** Reads single channels of the stream, each by a consumer that lives as long as it takes. */
export class ChannelReader {
  readonly #stream: Stream;
  readonly #cuts: Cuts;
  readonly #retention: (channel: string) => Retention;
  readonly #clock: () => number;
  readonly #timeoutMs: number;

  constructor(
    stream: Stream,
    cuts: Cuts,
    retention: (channel: string) => Retention,
    clock: () => number,
    timeoutMs: number,
  ) {
    this.#stream = stream;
    this.#cuts = cuts;
    this.#retention = retention;
    this.#clock = clock;
    this.#timeoutMs = timeoutMs;
  }

  /** Sequence of a channel's newest message, whether retained or not; 0 if there is none. */
  async newest(channel: string): Promise<number> {
    const newest = await this.#stream.newest(this.#stream.subjects.message(channel));
    // The newest itself may have been too large.
    return newest?.seq ?? this.#cuts.of(channel);
  }

  async read(channel: string, after: number, limit: PageLimit): Promise<Stretch> {
    for (let tries = 1; ; tries++) {
      const { stretch, newest } = await this.#readOnce(channel, after, limit);
      if (tries === TRIES || !newest?.newer || newest.sequence !== (await this.newest(channel)))
        return stretch;
    }
  }

  /**
   * A server that removes messages while they are read goes on counting them among those to come, so that too many seem to
   * be newer. What it says of the newest, when something was taken for removed, tells whether it can be believed.
   */
  async #readOnce(
    channel: string,
    after: number,
    limit: PageLimit,
  ): Promise<{ readonly stretch: Stretch; readonly newest?: StoredRecord | undefined }> {
    const subject = this.#stream.subjects.message(channel);
    const newest = await this.#stream.newest(subject);
    if (newest && newest.seq <= after) {
      return { stretch: { channel, newest: newest.seq, messages: [], removed: undefined } };
    }
    if (!newest) {
      const cut = await this.#cutSince(channel, after, undefined);
      return { stretch: { channel, newest: cut?.sequence ?? 0, messages: [], removed: cut } };
    }
    const retention = this.#retention(channel);
    const now = this.#clock();
    const { time } = decodeHead(newest.header.get(HEADER));
    const reason = removalOf(retention, { time, newer: 0 }, now);
    if (reason) {
      const removed = { sequence: newest.seq, reason };
      return { stretch: { channel, newest: newest.seq, messages: [], removed } };
    }

    const messages: StoredMessage[] = [];
    let removed: Stretch['removed'];
    let last: StoredRecord | undefined;
    let bytes = 0;
    const consumer = { filter_subject: subject, opt_start_seq: after + 1 };
    for await (const record of this.#records(consumer, newest.seq, newest.data.length)) {
      const { sequence, head, newer, body } = record;
      last = record;
      const reason =
        messages.length === 0 ? removalOf(retention, { time: head.time, newer }, now) : undefined;
      if (reason) {
        removed = { sequence, reason };
        continue;
      }
      messages.push(decodeRecord({ epoch: this.#stream.epoch, sequence }, channel, head, body));
      bytes += body.length;
      if (messages.length > limit.messages || (messages.length > 1 && bytes > limit.bytes)) break;
    }
    const cut = await this.#cutSince(channel, removed?.sequence ?? after, messages[0]);
    const stretch = { channel, newest: newest.seq, messages, removed: cut ?? removed };
    return { stretch, newest: removed?.reason === 'trimmed' ? last : undefined };
  }

  /** Asked after the messages were read, as they may have been cut at any moment before. */
  async #cutSince(
    channel: string,
    after: number,
    first: StoredMessage | undefined,
  ): Promise<Stretch['removed']> {
    const through = Math.min(await this.#cuts.of(channel), first ? first.sequence - 1 : Infinity);
    return through > after ? { sequence: through, reason: 'trimmed' } : undefined;
  }

  /** Sequences of a channel's newest messages that are retained, at most `count`, without their payloads. */
  async newestRetained(channel: string, count: number): Promise<number[]> {
    const subject = this.#stream.subjects.message(channel);
    const newest = await this.#stream.newest(subject);
    if (!newest) return [];
    const { count: retained, ageMs } = this.#retention(channel);
    const wanted = Math.min(count, retained);
    if (wanted === 0) return [];
    const now = this.#clock();
    // Other channels lie between: go back until there are enough, or no more.
    for (let stride = wanted; ; stride *= STRIDE_FACTOR) {
      const first = Math.max(1, newest.seq - stride + 1);
      const consumer = { filter_subject: subject, opt_start_seq: first, headers_only: true };
      const sequences: number[] = [];
      let enough = first === 1;
      for await (const { sequence, head, newer } of this.#records(
        consumer,
        newest.seq,
        1,
        enough ? 0 : wanted,
      )) {
        enough = true;
        const removal = removalOf({ count: wanted, ageMs }, { time: head.time, newer }, now);
        if (!removal || sequences.length > 0) sequences.push(sequence);
      }
      if (enough) return sequences;
    }
  }

  /**
   * Messages of a consumer, up to the one of sequence `through`.
   * @param bodyBytes what a body may well have
   * @param least with fewer than so many to come there is none
   */
  async *#records(
    config: Pick<ConsumerConfig, 'filter_subject' | 'opt_start_seq' | 'headers_only'>,
    through: number,
    bodyBytes: number,
    least = 0,
  ): AsyncGenerator<StoredRecord> {
    const { name, connection } = this.#stream;
    const info = await connection.manager.consumers.add(name, {
      ...config,
      ack_policy: 'none',
      deliver_policy: 'by_start_sequence',
      inactive_threshold: CONSUMER_IDLE_MS * 1e6,
      mem_storage: true,
      num_replicas: 1,
    });
    const consumer = connection.jetStream.consumers.getConsumerFromInfo(info);
    try {
      let pending = info.num_pending;
      if (pending < least) return;
      for (let largest = Math.max(bodyBytes, 1); ; ) {
        const maxMessages = Math.max(1, Math.min(BATCH.messages, Math.floor(BATCH.bytes / largest)));
        // A replica that lags behind may not know yet what is to come: the one asked for comes at least.
        const wanted = Math.min(maxMessages, Math.max(pending, 1));
        const batch = await consumer.fetch({
          max_messages: wanted,
          expires: Math.max(this.#timeoutMs, 1000),
        });
        let last: JsMsg | undefined;
        for await (const message of batch) {
          last = message;
          largest = Math.max(largest, message.data.length);
          yield recordOf(message);
          if (message.seq >= through) return;
        }
        if (!last) throw unavailable(`NATS did not deliver message ${through}, which it has`);
        pending = last.info.pending;
      }
    } finally {
      consumer.delete().catch(() => {});
    }
  }
}

function recordOf(message: JsMsg): StoredRecord {
  const head = decodeHead(message.headers?.get(HEADER) ?? '');
  return { sequence: message.seq, head, newer: message.info.pending, body: message.data };
}
