import { isOvertaken, type Stream } from './stream.ts';

/** So many stand along the age that the stream keeps. */
const MILESTONES_AN_AGE = 24;
/** Messages after which a further one is due, for streams that an operator has limited by size. */
const SPACING = 10_000;

/**
 * JetStream drops messages of the front of a stream by age (or size, if an operator limits it) and tells
 * nobody which: all before the first that still stands may be gone. Milestones are empty messages along the stream that fanwire
 * never removes itself, so that what it has removed of a channel does not pass for dropped.
 */
export class Milestones {
  readonly #stream: Stream;
  /** Sequence of a milestone that was there when last looked at. */
  newest = 0;

  constructor(stream: Stream) {
    this.#stream = stream;
  }

  /** Up to this sequence the server may have dropped messages. */
  async dropped(): Promise<number> {
    return (await this.#stream.firstSequence()) - 1;
  }

  /** Sets one whether it is due or not. */
  async add(): Promise<void> {
    const { subjects, connection, epoch } = this.#stream;
    const options = { headers: connection.headers('milestone', epoch) };
    this.newest = (await connection.jetStream.publish(subjects.milestone, undefined, options)).seq;
  }

  /** Sets a milestone if one is due. */
  async extend(): Promise<void> {
    const { subjects, connection, epoch } = this.#stream;
    const newest = await this.#stream.newest(subjects.milestone);
    const due =
      !newest ||
      connection.runtime.now() - newest.time.getTime() > this.#stream.maxAgeMs / MILESTONES_AN_AGE ||
      this.#stream.highest - newest.seq > SPACING;
    if (!due) {
      this.newest = newest.seq;
      return;
    }
    // Of several nodes that find it due at once one sets it.
    const options = {
      expect: { lastSubjectSequence: newest?.seq ?? 0 },
      headers: connection.headers('milestone', epoch),
    };
    try {
      this.newest = (await connection.jetStream.publish(subjects.milestone, undefined, options)).seq;
    } catch (error) {
      if (!isOvertaken(error)) throw error;
    }
  }
}
