import { FanwireError } from '../../protocol/errors.ts';
import { MAX_REVOCATIONS, REVOCATION_MS } from './own-channels.ts';

/** Whose token it is, and since when, in Unix milliseconds. */
export interface Holder {
  readonly subject?: string | undefined;
  readonly issuedAt?: number | undefined;
}

export interface Revocation {
  readonly subject: string;
  /** Unix milliseconds. */
  readonly issuedBefore: number;
}

interface Kept {
  readonly issuedBefore: number;
  /** Until when it is known, in Unix milliseconds. */
  readonly until: number;
}

/** Of which subjects tokens are refused that were issued before a time. */
export class Revocations {
  /** By subject; the one that ends first is the first. */
  readonly #kept = new Map<string, Kept>();

  /** @param at when it was said, in Unix milliseconds */
  add({ subject, issuedBefore }: Revocation, at: number): void {
    const before = this.#kept.get(subject)?.issuedBefore ?? 0;
    this.#kept.delete(subject);
    this.#kept.set(subject, { issuedBefore: Math.max(before, issuedBefore), until: at + REVOCATION_MS });
    for (const [oldest, { until }] of this.#kept) {
      if (until > at && this.#kept.size <= MAX_REVOCATIONS) break;
      this.#kept.delete(oldest);
    }
  }

  /** Whether what was granted by a token is granted no more. A grant that does not say when it was issued is another's to judge. */
  covers({ subject, issuedAt }: Holder, now: number): boolean {
    if (subject === undefined || issuedAt === undefined) return false;
    const kept = this.#kept.get(subject);
    return kept !== undefined && issuedAt < kept.issuedBefore && kept.until > now;
  }
}

/** What the client is told: with another token it is welcome. */
export function revoked(): FanwireError {
  return new FanwireError('unauthenticated', 'the token was revoked: connect again with a new one');
}
