import { HEADER } from './record.ts';
import { isOvertaken, type Stream } from './stream.ts';

/**
 * How far channels have lost messages because they held too many bytes. A reader can see from the messages that are left
 * what went by count or age, but not this, so it is noted before they are removed.
 */
export class Cuts {
  readonly #stream: Stream;

  constructor(stream: Stream) {
    this.#stream = stream;
  }

  /** The last sequence that went; 0 if none did. */
  async of(channel: string): Promise<number> {
    const note = await this.#stream.newest(this.#stream.subjects.cut(channel));
    return note ? Number(note.header.get(HEADER)) : 0;
  }

  /** Notes that everything up to a sequence goes, and removes it. */
  async cut(channel: string, through: number): Promise<void> {
    const { connection, subjects, name, epoch } = this.#stream;
    const subject = subjects.cut(channel);
    for (;;) {
      const note = await this.#stream.newest(subject);
      const before = note ? Number(note.header.get(HEADER)) : 0;
      if (before >= through) break;
      try {
        // Of several nodes that cut at once the furthest is what the note says in the end.
        await connection.jetStream.publish(subject, undefined, {
          headers: connection.headers(String(through), epoch),
          expect: { lastSubjectSequence: note?.seq ?? 0 },
        });
        break;
      } catch (error) {
        if (!isOvertaken(error)) throw error;
      }
    }
    await connection.manager.streams.purge(name, { filter: subjects.message(channel), seq: through + 1 });
  }
}
