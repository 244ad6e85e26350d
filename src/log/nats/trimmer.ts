import type { Retention } from '../log.ts';
import type { Cuts } from './cuts.ts';
import type { Stream } from './stream.ts';

interface Appends {
  /** Since it was last trimmed. */
  count: number;
  /** Payload bytes that this node has appended and that are still there, oldest first. */
  readonly stretches: { through: number; bytes: number }[];
  bytes: number;
  /** When this node appended last, in Unix milliseconds. */
  appendedAt: number;
  /** Now and then one of this node's appends, so that it is known where an age begins. */
  readonly samples: { readonly sequence: number; readonly time: number }[];
}

const SAMPLES_AN_AGE = 8;
/** Into so many stretches the bytes of a channel are counted, and so much too many it may hold. */
const STRETCHES = 8;
/** Messages beyond its count that a channel may hold before it is trimmed: a purge costs like some of them. */
const SLACK = { min: 128, share: 0.25 };

/**
 * Removes from the stream what channels no longer retain. Each node does so where it appends. The newest
 * message that is not retained stays: it tells readers how far history is gone.
 */
export class Trimmer {
  readonly #stream: Stream;
  readonly #retention: (channel: string) => Retention;
  readonly #clock: () => number;
  readonly #channels = new Map<string, Appends>();
  readonly #cuts: Cuts;

  constructor(stream: Stream, cuts: Cuts, retention: (channel: string) => Retention, clock: () => number) {
    this.#stream = stream;
    this.#cuts = cuts;
    this.#retention = retention;
    this.#clock = clock;
  }

  /** Resolves when what has too many bytes is gone. @throws as NATS fails */
  async appended(channel: string, sequence: number, time: number, bytes: number): Promise<void> {
    let appends = this.#channels.get(channel);
    if (!appends) {
      appends = { count: 0, stretches: [], bytes: 0, appendedAt: 0, samples: [] };
      this.#channels.set(channel, appends);
    }
    appends.count += 1;
    appends.appendedAt = this.#clock();
    const { count, ageMs, bytes: maxBytes = Number.POSITIVE_INFINITY } = this.#retention(channel);
    // What is kept for as long as the stream keeps anything goes by itself.
    const sampled = (appends.samples.at(-1)?.time ?? -Infinity) + ageMs / SAMPLES_AN_AGE;
    if (ageMs < this.#stream.maxAgeMs && time >= sampled) appends.samples.push({ sequence, time });
    if (appends.count > Math.max(SLACK.min, count * SLACK.share)) this.#trimByCount(channel, appends, count);
    const through = tooMany(appends, sequence, bytes, maxBytes);
    if (through !== undefined) await this.#cuts.cut(channel, through);
  }

  /** Called every few seconds. */
  sweep(): void {
    const now = this.#clock();
    for (const [channel, appends] of this.#channels) {
      const { count, ageMs } = this.#retention(channel);
      if (appends.count > 0) this.#trimByCount(channel, appends, count);
      const young = appends.samples.findIndex(({ time }) => time + ageMs > now);
      const old = appends.samples.splice(0, young === -1 ? Infinity : young).at(-1);
      if (old) this.#purge({ filter: this.#stream.subjects.message(channel), seq: old.sequence });
      if (appends.samples.length === 0 && appends.appendedAt + ageMs <= now) this.#channels.delete(channel);
    }
  }

  #trimByCount(channel: string, appends: Appends, count: number): void {
    appends.count = 0;
    this.#purge({ filter: this.#stream.subjects.message(channel), keep: count + 1 });
  }

  /** What is not purged now is purged later, and no reader is given it meanwhile. */
  #purge(what: { filter: string } & ({ keep: number } | { seq: number })): void {
    const { manager } = this.#stream.connection;
    manager.streams.purge(this.#stream.name, what).catch(() => {});
  }
}

/** Counts an append. Returns up to where the channel is to be cut, if it has come to hold too many bytes. */
function tooMany(appends: Appends, sequence: number, bytes: number, maxBytes: number): number | undefined {
  const { stretches } = appends;
  const newest = stretches.at(-1);
  if (newest && newest.bytes + bytes <= maxBytes / STRETCHES) {
    newest.through = sequence;
    newest.bytes += bytes;
  } else stretches.push({ through: sequence, bytes });
  appends.bytes += bytes;
  let through: number | undefined;
  while (appends.bytes > maxBytes) {
    const oldest = stretches.shift()!;
    appends.bytes -= oldest.bytes;
    through = oldest.through;
  }
  return through;
}
