import { createHash } from 'node:crypto';

/**
 * What others know a client by: its own id lets it retry its publishes, so they are shown a digest of it. With another
 * subject it is another member: somebody else has come to the same browser, and whoever was there before has left.
 */
export function publicId(client: string, subject: string | undefined): string {
  // A client's id holds no space.
  const name = subject === undefined ? client : `${client} ${subject}`;
  return createHash('sha256').update(name).digest('base64url').slice(0, 12);
}

/** One client's public id, kept for as long as its subject is the same: a digest for each message would cost too much. */
export class PublicId {
  readonly #client: string;
  #made: { readonly subject: string | undefined; readonly id: string } | undefined;

  constructor(client: string) {
    this.#client = client;
  }

  of(subject: string | undefined): string {
    if (!this.#made || this.#made.subject !== subject) {
      this.#made = { subject, id: publicId(this.#client, subject) };
    }
    return this.#made.id;
  }
}
