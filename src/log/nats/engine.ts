import { FanwireError } from '../../protocol/errors.ts';
import { pause } from '../../protocol/runtime.ts';
import type { Start } from '../../protocol/start.ts';
import type { Addition, Appended } from '../addition.ts';
import { payloadBytes } from '../kit/payload-bytes.ts';
import { unavailable } from '../kit/unavailable.ts';
import type { Follower, Page, PageLimit, Retention } from '../log.ts';
import { type NewMessage, payloadSize } from '../message.ts';
import { ChannelReader } from './channel-reader.ts';
import type { JetStreamConnection } from './connection.ts';
import { Cuts } from './cuts.ts';
import { History } from './history.ts';
import { KeyAliases } from './key-aliases.ts';
import { LiveFeed } from './live-feed.ts';
import { Milestones } from './milestones.ts';
import { Publisher } from './publisher.ts';
import { encodeHead } from './record.ts';
import { RosterStream } from './roster-stream.ts';
import { codeOf, type Stream } from './stream.ts';
import { keyTokenOf } from './subjects.ts';
import { Trimmer } from './trimmer.ts';

/** A cluster's answer to a message whose first copy is still being stored. */
const IN_PROCESS = 10158;
const IN_PROCESS_MS = 20;
/** JetStream stores what has the same one only once. */
const ID_HEADER = 'Nats-Msg-Id';
/** What the server adds to a message when it sends it on, and our own header. */
const HEADERS_BYTES = 1024;

export interface EngineOptions {
  readonly follower: Follower;
  readonly retention: (channel: string) => Retention;
  readonly clock: () => number;
  readonly timeoutMs: number;
  /** The live feed may have missed something, or the epoch is another one. */
  readonly disturbed: () => void;
}

/** A log over a stream whose connection stands. Calls fail as NATS fails, without a time limit of their own. */
export class Engine {
  readonly roster: RosterStream;
  readonly #stream: Stream;
  readonly #options: EngineOptions;
  readonly #publisher: Publisher;
  readonly #milestones: Milestones;
  readonly #keys: KeyAliases;
  readonly #history: History;
  readonly #feed: LiveFeed;
  readonly #trimmer: Trimmer;
  /** The last message that was to be stored was not. */
  #refused = false;

  constructor(stream: Stream, options: EngineOptions) {
    const { follower, retention, clock, timeoutMs, disturbed } = options;
    this.roster = new RosterStream(stream.connection, stream.wishes);
    this.#stream = stream;
    this.#options = options;
    this.#publisher = new Publisher(stream.connection, timeoutMs);
    this.#milestones = new Milestones(stream);
    this.#keys = new KeyAliases(stream);
    const cuts = new Cuts(stream);
    const reader = new ChannelReader(stream, cuts, retention, clock, timeoutMs);
    this.#history = new History(stream, this.#milestones, reader, disturbed);
    this.#feed = new LiveFeed(stream, (message) => follower.appended(message), disturbed);
    this.#trimmer = new Trimmer(stream, cuts, retention, clock);
  }

  get connection(): JetStreamConnection {
    return this.#stream.connection;
  }

  async append({ message, idempotencyKey, aliases = [] }: Addition): Promise<Appended> {
    const { channel, time } = message;
    const { ageMs } = this.#options.retention(channel);
    if (ageMs > this.#stream.maxAgeMs) await this.#stream.keepFor(ageMs);
    const id = idempotencyKey && keyTokenOf(channel, idempotencyKey);
    const before = this.#stream.highest;
    const { seq, duplicate = false } = await this.#publish(message, id, idempotencyKey?.digest);
    if (!duplicate && seq <= before) {
      // Numbers that fall are those of a stream that another node has created anew.
      await this.#stream.prepare();
      this.#options.disturbed();
    }
    if (!duplicate) {
      this.#stream.reached(seq, {
        subject: this.#stream.subjects.message(channel),
        head: encodeHead(message),
      });
      this.#feed.expect(seq);
    } else this.#stream.reached(seq);
    const { epoch } = this.#stream;
    if (duplicate) {
      return {
        position: { epoch, sequence: await this.#keys.resolve(idempotencyKey!, id!, seq) },
        duplicate,
      };
    }
    // What can't be cut now is cut with the next stretch: the message is in the log.
    await this.#trimmer.appended(channel, seq, time, payloadSize(message.payload)).catch(() => {});
    await this.#keys.add(channel, aliases, seq);
    return { position: { epoch, sequence: seq }, duplicate };
  }

  /** Asks for the limits that a stream can be seen to have met; what else has refused a message may refuse a milestone. */
  async writable(): Promise<void> {
    if (await this.#stream.isFull()) throw unavailable('the stream holds as much as it may');
    if (!this.#refused) return;
    await this.#milestones.add();
    this.#refused = false;
  }

  read(channels: readonly string[], start: Start, limit: PageLimit): Promise<Page> {
    return this.#history.read(channels, start, limit);
  }

  follow(channel: string): Promise<void> {
    return this.#feed.follow(channel);
  }

  unfollow(channel: string): void {
    this.#feed.unfollow(channel);
  }

  /** Comes first on every connection: the stream may have been lost with the last one. */
  async prepare(): Promise<void> {
    await this.#stream.prepare();
    await this.#milestones.extend();
  }

  /** Has readers read what they may have missed; what is announced from then on follows it without a hole. */
  resume(): Promise<void> {
    return this.#feed.resume(() => this.#options.follower.interrupted());
  }

  /** Called every few seconds. */
  async tend(): Promise<void> {
    this.#publisher.expire();
    if (await this.#stream.prepare()) this.#options.disturbed();
    await this.#milestones.extend();
    this.#trimmer.sweep();
    await this.#feed.check();
  }

  /** The server has said that something is wrong. */
  refused(error: Error & { readonly operation?: string; readonly subject?: string }): void {
    if (error.operation === 'publish') this.#publisher.refused(error.subject!, error);
  }

  close(): void {
    this.#publisher.close();
    this.#feed.close();
  }

  async #publish(message: NewMessage, id: string | undefined, digest: string | undefined) {
    const { client, headers, runtime } = this.#stream.connection;
    const body = payloadBytes(message.payload);
    const maxBytes = (client.info?.max_payload ?? Infinity) - HEADERS_BYTES;
    if (body.length > maxBytes) {
      const detail = `this NATS server takes ${maxBytes} bytes, not ${body.length}: raise its max_payload`;
      throw new FanwireError('message_too_large', detail);
    }
    const subject = this.#stream.subjects.message(message.channel);
    const made = headers(encodeHead(message), this.#stream.epoch, digest);
    if (id !== undefined) made.set(ID_HEADER, id);
    const until = runtime.uptime() + this.#options.timeoutMs;
    for (;;) {
      try {
        const answer = await this.#publisher.publish(subject, body, made);
        // 0: the first copy is being stored, as servers before 2.10 say it.
        if (answer.seq > 0) {
          this.#refused = false;
          return answer;
        }
      } catch (error) {
        if (codeOf(error) !== IN_PROCESS) {
          this.#refused = true;
          throw error;
        }
      }
      if (runtime.uptime() > until) throw unavailable('NATS is storing the first copy of this message still');
      await pause(runtime, IN_PROCESS_MS);
    }
  }
}
