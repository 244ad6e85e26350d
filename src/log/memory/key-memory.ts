import type { FanwireError } from '../../protocol/errors.ts';
import { differs, type IdempotencyKey, idempotencyConflict } from '../idempotency-key.ts';
import { keyNameOf } from '../kit/digests.ts';

interface Entry {
  readonly sequence: number;
  readonly until: number;
  readonly scope: string;
  readonly digest: string | undefined;
}

export interface KeyMemoryOptions {
  readonly ttlMs: number;
  /** Keys of all scopes together. */
  readonly maxKeys: number;
  /** Keys of one scope. */
  readonly maxKeysOfScope: number;
}

/** What is left of all keys when there were too many: they are not looked over for each one that is added. */
const LEFT = 0.9;

/**
 * Remembers for a while under which keys messages were appended, so that a retry is answered with the
 * first position. When there are too many, a scope loses its own oldest, and of all scopes those that have most do.
 */
export class KeyMemory {
  /** Oldest first. */
  readonly #keys = new Map<string, Entry>();
  /** The keys of each scope, oldest first. */
  readonly #scopes = new Map<string, Set<string>>();
  readonly #options: KeyMemoryOptions;

  constructor(options: KeyMemoryOptions) {
    this.#options = options;
  }

  /** The sequence of the message that was appended under the key, or an error `idempotency_conflict` if that was another one. */
  find(channel: string, idempotencyKey: IdempotencyKey, now: number): number | FanwireError | undefined {
    const entry = this.#keys.get(keyNameOf(channel, idempotencyKey));
    if (!entry || entry.until <= now) return undefined;
    if (differs(entry.digest, idempotencyKey)) return idempotencyConflict();
    return entry.sequence;
  }

  add(channel: string, idempotencyKey: IdempotencyKey, sequence: number, now: number): void {
    const { ttlMs, maxKeys, maxKeysOfScope } = this.#options;
    const { scope = '', digest } = idempotencyKey;
    const keyName = keyNameOf(channel, idempotencyKey);
    // Deleted first so that the maps stay in order of age.
    this.#delete(keyName);
    this.#keys.set(keyName, { sequence, until: now + ttlMs, scope, digest });
    const own = this.#scopes.get(scope);
    if (!own) this.#scopes.set(scope, new Set([keyName]));
    else if (own.add(keyName).size > maxKeysOfScope) this.#delete(firstOf(own));
    for (const [oldest, { until }] of this.#keys) {
      if (until > now) break;
      this.#delete(oldest);
    }
    if (this.#keys.size > maxKeys) this.#levelScopes(Math.floor(maxKeys * LEFT));
  }

  /** Leaves so many keys, as if each scope that has more than its part had had no more than that from the start. */
  #levelScopes(left: number): void {
    const scopes = [...this.#scopes.values()].sort((a, b) => a.size - b.size);
    let room = left;
    for (const [index, own] of scopes.entries()) {
      const part = Math.floor(room / (scopes.length - index));
      for (const keyName of own) {
        if (own.size <= part) break;
        this.#delete(keyName);
      }
      room -= own.size;
    }
  }

  #delete(keyName: string): void {
    const entry = this.#keys.get(keyName);
    if (!entry) return;
    this.#keys.delete(keyName);
    const own = this.#scopes.get(entry.scope)!;
    own.delete(keyName);
    if (own.size === 0) this.#scopes.delete(entry.scope);
  }
}

function firstOf(keyNames: ReadonlySet<string>): string {
  return keyNames.values().next().value!;
}
