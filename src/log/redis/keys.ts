import { createHash } from 'node:crypto';
import type { MessageKey } from '../message-key.ts';

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

  /** Names are a client's, and may be long. A space can't be part of a channel's name. */
  idempotency(channel: string, { name }: MessageKey): string {
    return `${this.#prefix}key:${digestOf(`${channel} ${name}`)}`;
  }

  /** What a scope has of these. */
  share({ scope = '' }: MessageKey): string {
    return `${this.#prefix}keys:${digestOf(scope)}`;
  }
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 22);
}
