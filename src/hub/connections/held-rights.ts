import type { Access } from '../authorisation/access.ts';
import type { Refused, Right } from '../authorisation/right.ts';
import type { Due, SecondWheel } from './second-wheel.ts';

/** Whoever reads by rights that may end. */
export interface Reader {
  readonly access: Access;
  readonly channels: readonly string[];
  /** It may read the channel no longer, if it still does. */
  withdraw(channel: string, right: Refused): void;
}

/** The rights by which a connection reads: those that the functions of rules gave until a time are asked for again then. */
export class HeldRights implements Due {
  planned: number | undefined;
  readonly #reader: Reader;
  readonly #wheel: SecondWheel;
  /** When the first of them ends, in Unix milliseconds. */
  #until = Number.POSITIVE_INFINITY;

  constructor(reader: Reader, wheel: SecondWheel) {
    this.#reader = reader;
    this.#wheel = wheel;
  }

  /** Sees to it that channels are read by right: asked for again is what is not known, or not any more. */
  uphold(channels: readonly string[]): void {
    const { access } = this.#reader;
    for (const channel of channels) {
      const right = access.right('read', channel);
      if ('granted' in right && right.granted) this.#holdUntil(right.until);
      // Later in any case: whoever has just opened a channel is to have all of it before it ends.
      else void Promise.resolve(right).then((answered) => this.#judge(access, channel, answered));
    }
  }

  due(): void {
    if (this.#until > this.#wheel.runtime.now()) {
      this.#plan();
      return;
    }
    this.#until = Number.POSITIVE_INFINITY;
    this.uphold(this.#reader.channels);
  }

  /** Nothing is read any more. */
  end(): void {
    this.#wheel.cancel(this);
  }

  #judge(access: Access, channel: string, right: Right): void {
    // Another token's rights were asked for meanwhile.
    if (this.#reader.access !== access) return;
    if (right.granted) this.#holdUntil(right.until);
    else this.#reader.withdraw(channel, right);
  }

  #holdUntil(until: number | undefined): void {
    if (until === undefined || until >= this.#until) return;
    this.#until = until;
    this.#plan();
  }

  #plan(): void {
    this.#wheel.plan(this, (this.#until - this.#wheel.runtime.now()) / 1000);
  }
}
