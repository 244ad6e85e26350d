import { differs, type IdempotencyKey, idempotencyConflict } from '../idempotency-key.ts';
import { DIGEST_HEADER, HEADER } from './record.ts';
import type { Stream } from './stream.ts';
import { keyTokenOf } from './subjects.ts';

/**
 * A key is the message's `Nats-Msg-Id`, and JetStream answers with the first sequence when it comes again.
 * A message has one id, so a further key of it is the id of a note, which tells of the message's sequence.
 */
export class KeyAliases {
  readonly #stream: Stream;

  constructor(stream: Stream) {
    this.#stream = stream;
  }

  /** Notes further keys of the message that was just stored. */
  async add(channel: string, keys: readonly IdempotencyKey[], sequence: number): Promise<void> {
    const { connection, subjects, epoch } = this.#stream;
    await Promise.all(
      keys.map(async (key) => {
        const token = keyTokenOf(channel, key);
        const note = (id: { msgID?: string }) =>
          connection.jetStream.publish(subjects.key(token), undefined, {
            ...id,
            headers: connection.headers(String(sequence), epoch, key.digest),
          });
        // It was known for another message: the newest note says for which now.
        if ((await note({ msgID: token })).duplicate) await note({});
      }),
    );
  }

  /**
   * Sequence of the message that a key stands for, which the server knows by `sequence`: it or its note.
   * @throws FanwireError `idempotency_conflict`, as long as the message or its note is kept
   */
  async resolve(idempotencyKey: IdempotencyKey, token: string, sequence: number): Promise<number> {
    const newest = await this.#stream.newest(this.#stream.subjects.key(token));
    // An older one is of an earlier use of the key.
    const note = newest && newest.seq >= sequence ? newest : undefined;
    if (idempotencyKey.digest !== undefined) {
      const first = note ?? (await this.#stream.at(sequence));
      if (first && differs(first.header.get(DIGEST_HEADER) || undefined, idempotencyKey))
        throw idempotencyConflict();
    }
    return note ? Number(note.header.get(HEADER)) : sequence;
  }
}
