import type { IdempotencyKey } from '../idempotency-key.ts';
import { digestOf, keyNameOf } from '../kit/digests.ts';

/** Where the log is kept. All keys share a hash tag, so that a cluster would keep them in one slot. */
export class Keys {
  /** KEYS 1 to 3 of the log's scripts; `log.lua` says what they are. */
  readonly shared: readonly string[];
  readonly roster: string;
  /** Written to see whether anything can be. */
  readonly health: string;
  /** The second of `shared`. */
  readonly channels: string;
  /** Announcements know no databases, so theirs carry its number. */
  readonly live: string;
  readonly #prefix: string;

  constructor(prefix: string, database: number) {
    this.#prefix = `{${prefix}}:`;
    this.shared = ['log', 'channels', 'holes'].map((name) => this.#prefix + name);
    this.channels = this.shared[1]!;
    this.roster = `${this.#prefix}roster`;
    this.health = `${this.#prefix}health`;
    this.live = `${this.#prefix}${database}:`;
  }

  history(channel: string): string {
    return `${this.#prefix}history:${channel}`;
  }

  idempotency(channel: string, key: IdempotencyKey): string {
    return `${this.#prefix}key:${shortOf(keyNameOf(channel, key))}`;
  }

  /** What a scope has of these. */
  share({ scope = '' }: IdempotencyKey): string {
    return `${this.#prefix}keys:${shortOf(scope)}`;
  }
}

function shortOf(text: string): string {
  return digestOf(text).toString('base64url').slice(0, 22);
}
