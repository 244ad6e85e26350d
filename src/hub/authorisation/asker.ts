import type { AskRight, Question, RightRequest } from './right.ts';

/** Who asks for rights. One object for as long as its token counts. */
export interface Asker {
  readonly subject: string | undefined;
  readonly claims: Readonly<Record<string, unknown>>;
  readonly address: string;
}

/**
 * Knows who asks the same: a function's answer holds for all who do not differ in what it looks at. So one that asks a database
 * for a room's members is asked once for a user, however many tokens and addresses the user has.
 */
export class Sameness {
  readonly #lookedAt = new WeakMap<AskRight, Set<keyof Asker>>();
  /** JSON of claims, which is made once for an asker. */
  readonly #claims = new WeakMap<Asker, string>();
  #unlike = 0;

  /** What a function is told; what it looks at is noted. */
  requestOf(asker: Asker, { ask, channel, params }: Question): RightRequest {
    let lookedAt = this.#lookedAt.get(ask);
    if (!lookedAt) this.#lookedAt.set(ask, (lookedAt = new Set()));
    const seen = lookedAt;
    return {
      channel,
      params,
      get subject() {
        seen.add('subject');
        return asker.subject;
      },
      get claims() {
        seen.add('claims');
        return asker.claims;
      },
      get address() {
        seen.add('address');
        return asker.address;
      },
    };
  }

  looksAtSubject(ask: AskRight): boolean {
    return this.#lookedAt.get(ask)?.has('subject') ?? false;
  }

  /** The same text for those who ask the same. Neither a kind nor a channel holds a space. */
  keyOf(asker: Asker, { ask, kind, channel }: Question): string {
    const lookedAt = this.#lookedAt.get(ask);
    let key = `${kind} ${channel}`;
    if (!lookedAt) return key;
    if (lookedAt.has('subject')) key += ` ${JSON.stringify(asker.subject)}`;
    if (lookedAt.has('address')) key += ` ${asker.address}`;
    if (lookedAt.has('claims')) key += ` ${this.#jsonOf(asker)}`;
    return key;
  }

  areSame(one: Asker, other: Asker, question: Question): boolean {
    return this.keyOf(one, question) === this.keyOf(other, question);
  }

  #jsonOf(asker: Asker): string {
    let json = this.#claims.get(asker);
    if (json === undefined) this.#claims.set(asker, (json = this.#toJson(asker.claims)));
    return json;
  }

  /** What JSON can't hold, a function's grant may: it is like nobody else's. */
  #toJson(claims: Asker['claims']): string {
    try {
      return JSON.stringify(claims);
    } catch {
      this.#unlike += 1;
      return `${this.#unlike}`;
    }
  }
}
