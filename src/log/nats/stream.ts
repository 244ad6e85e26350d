import type { StoredMsg, StreamConfig, StreamInfo } from '@nats-io/jetstream';
import { pause } from '../../protocol/runtime.ts';
import { newEpoch } from '../kit/names.ts';
import type { JetStreamConnection } from './connection.ts';
import { HEADER } from './record.ts';
import { type Subjects, subjectsOf } from './subjects.ts';

const MS = 1e6;
/** JetStream counts nanoseconds in 63 bits; a longer time than this means for ever. */
const MAX_AGE_MS = 100 * 365 * 86_400_000;
/** Of `stream not found`, and of a stream of this name that another node was faster to create. */
export const NOT_FOUND = 10059;
export const NAME_TAKEN = 10058;
/** The name of the driver's error. */
const NOBODY = 'JetStreamNotEnabled';
/** What a small message takes with its headers. */
const SMALL_BYTES = 1024;
const EPOCH = /\bepoch ([a-z0-9]{1,32})\b/;

/** What tells a message from another one of the same sequence. */
export interface Witness {
  readonly subject: string;
  /** Its kind, time and type. */
  readonly head: string;
}

export interface StreamWishes {
  readonly name: string;
  readonly replicas: number;
  readonly maxBytes: number;
  readonly keyTtlMs: number;
}

/**
 * The JetStream stream behind a log. Its description holds the epoch, so that a stream that is deleted and
 * created anew, by whomever, begins another.
 */
export class Stream {
  readonly name: string;
  readonly subjects: Subjects;
  readonly connection: JetStreamConnection;
  readonly wishes: StreamWishes;
  #epoch = '';
  /** The highest sequence that is known to have been given. */
  #highest = 0;
  /** The newest message of which more than its sequence is known. */
  #newest: ({ readonly sequence: number } & Witness) | undefined;
  #maxAgeMs = 0;
  #replicas = 1;
  #raising: Promise<void> | undefined;

  constructor(connection: JetStreamConnection, wishes: StreamWishes) {
    this.connection = connection;
    this.name = wishes.name;
    this.subjects = subjectsOf(wishes.name);
    this.wishes = wishes;
  }

  get epoch(): string {
    return this.#epoch;
  }

  get highest(): number {
    return this.#highest;
  }

  /** How long the server keeps messages at most. */
  get maxAgeMs(): number {
    return this.#maxAgeMs;
  }

  /** Copies that the servers keep, as the stream was created. */
  get replicas(): number {
    return this.#replicas;
  }

  /** @param witness what the message of this sequence was */
  reached(sequence: number, witness?: Witness): void {
    if (sequence > this.#highest) this.#highest = sequence;
    if (witness && sequence > (this.#newest?.sequence ?? 0)) this.#newest = { sequence, ...witness };
  }

  /** Creates what is missing of the stream, and reads its epoch. Returns whether that is another one. */
  async prepare(): Promise<boolean> {
    const before = this.#epoch;
    const highest = this.#highest;
    const { config, state } = await this.#findOrCreate();
    const stored = EPOCH.exec(config.description ?? '')?.[1];
    const behind = state.last_seq < highest;
    const lost = stored === before && (behind ? await this.#hasLost(highest) : await this.#isOverwritten());
    const epoch = stored === undefined || lost ? newEpoch(this.connection.runtime) : stored;
    const maxAgeMs = Math.max(this.#maxAgeMs, ageOf(config), this.wishes.keyTtlMs);
    if (epoch !== stored || this.#lacks(config) || ageOf(config) < maxAgeMs) {
      await this.connection.manager.streams.update(this.name, this.#completed(config, epoch, maxAgeMs));
    }
    this.#epoch = epoch;
    this.#replicas = config.num_replicas;
    this.#maxAgeMs = maxAgeMs;
    if (epoch !== before) {
      this.#highest = 0;
      this.#newest = undefined;
    }
    this.reached(state.last_seq);
    return epoch !== before;
  }

  /** Sequence of the newest message of the stream. */
  async lastSequence(): Promise<number> {
    const { state } = await this.connection.manager.streams.info(this.name);
    this.reached(state.last_seq);
    return state.last_seq;
  }

  /** Sequence of the oldest message of the stream; of the next one, if it holds none. */
  async firstSequence(): Promise<number> {
    const { state } = await this.connection.manager.streams.info(this.name);
    return state.first_seq;
  }

  /** Whether an operator's limits leave no room, and nothing old is dropped to make some. */
  async isFull(): Promise<boolean> {
    const { config, state } = await this.connection.manager.streams.info(this.name);
    const { discard, max_bytes, max_msgs } = config;
    if (discard !== 'new') return false;
    return (
      (max_bytes > 0 && state.bytes + SMALL_BYTES > max_bytes) || (max_msgs > 0 && state.messages >= max_msgs)
    );
  }

  /**
   * The newest message of a subject. Asked of the stream's leader: a replica that lags behind would let a
   * reader miss what has been announced already.
   */
  newest(subject: string): Promise<StoredMsg | null> {
    return this.connection.manager.streams.getMessage(this.name, { last_by_subj: subject });
  }

  /** The message that has a sequence, if it is still there. */
  at(seq: number): Promise<StoredMsg | null> {
    return this.connection.manager.streams.getMessage(this.name, { seq });
  }

  /**
   * Lets the stream keep messages for as long as the longest retention of its channels. It is never
   * lowered here: the rules of other nodes are not known.
   */
  async keepFor(ageMs: number): Promise<void> {
    const wanted = Math.min(ageMs, MAX_AGE_MS);
    while (wanted > this.#maxAgeMs) await (this.#raising ??= this.#raise(wanted));
  }

  /**
   * Whether a server came back without the end of its file, and would give the numbers of acknowledged
   * messages again. A new leader may not know its own end at once, so it is asked more than once.
   */
  async #hasLost(highest: number): Promise<boolean> {
    for (let asked = 0; asked < 4; asked++) {
      await pause(this.connection.runtime, 250);
      if ((await this.lastSequence()) >= highest) return false;
    }
    return true;
  }

  /** Whether a server has lost the newest message that is known here, and given its number to another since. */
  async #isOverwritten(): Promise<boolean> {
    const newest = this.#newest;
    if (!newest) return false;
    const found = await this.connection.manager.streams.getMessage(this.name, { seq: newest.sequence });
    // What is gone has been trimmed, for all that is known.
    return !!found && (found.subject !== newest.subject || found.header.get(HEADER) !== newest.head);
  }

  async #raise(ageMs: number): Promise<void> {
    try {
      const { config } = await this.connection.manager.streams.info(this.name);
      if (ageOf(config) < ageMs) {
        await this.connection.manager.streams.update(this.name, { ...config, max_age: ageMs * MS });
      }
      this.#maxAgeMs = Math.max(ageMs, ageOf(config));
    } finally {
      this.#raising = undefined;
    }
  }

  async #findOrCreate(): Promise<StreamInfo> {
    const { streams } = this.connection.manager;
    try {
      return await streams.info(this.name);
    } catch (error) {
      if (codeOf(error) !== NOT_FOUND) throw error;
    }
    try {
      const { name, replicas, maxBytes, keyTtlMs } = this.wishes;
      const maxAgeMs = Math.max(this.#maxAgeMs, keyTtlMs);
      const epoch = newEpoch(this.connection.runtime);
      const config = this.#completed({ subjects: [], duplicate_window: 0 }, epoch, maxAgeMs);
      const created = await streams.add({ ...config, name, num_replicas: replicas, max_bytes: maxBytes });
      // The first milestone: nothing lies before it that could have been dropped.
      const { seq } = await this.connection.jetStream.publish(this.subjects.milestone, undefined, {
        headers: this.connection.headers('milestone', epoch),
      });
      return { ...created, state: { ...created.state, last_seq: seq } };
    } catch (error) {
      if (codeOf(error) !== NAME_TAKEN) throw error;
      return streams.info(this.name);
    }
  }

  /** A configuration with what a log needs; whatever else an operator has set stays. */
  #completed<Given extends Pick<StreamConfig, 'subjects' | 'duplicate_window'>>(
    given: Given,
    epoch: string,
    maxAgeMs: number,
  ) {
    return {
      ...given,
      description: `fanwire: epoch ${epoch}`,
      subjects: [...new Set([...given.subjects, ...this.subjects.stored])],
      republish: this.subjects.republished,
      max_age: maxAgeMs === Infinity ? 0 : maxAgeMs * MS,
      duplicate_window: Math.max(given.duplicate_window, this.wishes.keyTtlMs * MS),
    };
  }

  /** Whether an operator created the stream without what a log needs. */
  #lacks({ subjects, republish, duplicate_window }: StreamConfig): boolean {
    return (
      this.subjects.stored.some((subject) => !subjects.includes(subject)) ||
      republish?.src !== this.subjects.republished.src ||
      duplicate_window < this.wishes.keyTtlMs * MS
    );
  }
}

/** 0 means for ever. */
function ageOf({ max_age }: StreamConfig): number {
  return max_age === 0 ? Infinity : max_age / MS;
}

/** Whether nobody answers for a stream: it was deleted, or its servers have no leader just now. */
export function isMissing(error: unknown): boolean {
  return codeOf(error) === NOT_FOUND || (error as Error | undefined)?.name === NOBODY;
}

/** What `isMissing` knows a message by that no stream has taken. */
export function nobodyAnswers(): Error {
  return Object.assign(new Error('no stream takes the message'), { name: NOBODY });
}

/** Whether a write names another predecessor than its subject has. */
export function isOvertaken(error: unknown): boolean {
  // The second one is what later servers say while the other write is being stored.
  return [10071, 10164].includes(codeOf(error) ?? 0);
}

/** JetStream's own number of an error. */
export function codeOf(error: unknown): number | undefined {
  return (error as { code?: number } | undefined)?.code;
}
