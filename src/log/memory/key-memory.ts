/**
 * Remembers for a while under which keys messages were appended, so that a retry is answered with the
 * first position. The oldest go first when there are too many.
 */
export class KeyMemory {
  readonly #keys = new Map<string, { readonly sequence: number; readonly until: number }>();
  readonly #ttlMs: number;
  readonly #most: number;

  constructor(options: { ttlMs: number; most: number }) {
    this.#ttlMs = options.ttlMs;
    this.#most = options.most;
  }

  /** The sequence of the message that was appended under the key. */
  find(channel: string, key: string, now: number): number | undefined {
    const entry = this.#keys.get(scoped(channel, key));
    return entry && entry.until > now ? entry.sequence : undefined;
  }

  add(channel: string, key: string, sequence: number, now: number): void {
    // Deleted first so that the map stays in order of age.
    this.#keys.delete(scoped(channel, key));
    this.#keys.set(scoped(channel, key), { sequence, until: now + this.#ttlMs });
    for (const [key, entry] of this.#keys) {
      if (this.#keys.size <= this.#most && entry.until > now) break;
      this.#keys.delete(key);
    }
  }
}

// A space can't be part of a channel's name.
function scoped(channel: string, key: string): string {
  return `${channel} ${key}`;
}
