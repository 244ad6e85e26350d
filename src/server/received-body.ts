import { hubBusy } from '../hub/budget/hub-busy.ts';
import type { Due } from '../hub/connections/second-wheel.ts';
import type { Hub } from '../hub/hub.ts';
import { FanwireError } from '../protocol/errors.ts';
import type { BodyReader, Carrier } from './carrier.ts';

/** Between two looks at how far a body has come. */
export const LOOK_SECONDS = 10;
const NOTHING = Buffer.alloc(0);
/** A body of so many bytes mostly comes at once: only what has begun and not ended is looked at. */
const SMALL_BYTES = 16 * 1024;

/** Whose body it is, and how much of it is taken. */
export interface BodyLimits {
  readonly network: string;
  readonly maxBytes: number;
  /** The limit that `maxBytes` is, for whoever meets it. */
  readonly name: string;
}

/**
 * A request's body on its way into the hub. Its bytes count for its sender's address until `release`: of a declared length all
 * from the beginning, so that bodies which are half there never wait for each other.
 */
export class ReceivedBody implements Due, BodyReader {
  planned: number | undefined;
  readonly #carrier: Carrier;
  readonly #hub: Hub;
  readonly #limits: BodyLimits;
  readonly #declared: number;
  #bytes: Buffer = NOTHING;
  #length = 0;
  #taken = 0;
  /** `#length` as it was at the last look: the first one asks for nothing. */
  #before: number | undefined;
  #whole: (bytes: Buffer) => void = () => {};
  #refuse: (error: FanwireError) => void = () => {};

  constructor(carrier: Carrier, hub: Hub, limits: BodyLimits) {
    this.#carrier = carrier;
    this.#hub = hub;
    this.#limits = limits;
    this.#declared = Number(carrier.request.headers['content-length'] ?? 0);
  }

  /** @throws FanwireError `body_too_large`, `body_too_slow`, `hub_busy`, `connection_lost` */
  async read(): Promise<Buffer> {
    if (this.#declared > this.#limits.maxBytes) throw this.tooLarge();
    if (!this.#take(this.#declared)) throw hubBusy(this.#hub.received);
    return new Promise((resolve, reject) => {
      this.#whole = resolve;
      this.#refuse = reject;
      this.#carrier.receive(this);
      if (!this.#declared || this.#declared > SMALL_BYTES) this.#hub.wheel.plan(this, LOOK_SECONDS);
    });
  }

  /** The body is done with. */
  release(): void {
    this.#hub.wheel.cancel(this);
    this.#hub.received.give(this.#limits.network, this.#taken);
    this.#taken = 0;
  }

  add(part: Buffer): void {
    const length = this.#length + part.length;
    if (length > this.#limits.maxBytes) this.#stop(this.tooLarge());
    else if (!this.#take(length - this.#taken)) this.#stop(hubBusy(this.#hub.received));
    else {
      // Mostly there is one part. A list of parts of a byte each would take a hundred times what they hold.
      this.#bytes = this.#length === 0 ? part : this.#appended(part);
      this.#length = length;
      if (length < this.#declared && this.planned === undefined) this.#hub.wheel.plan(this, LOOK_SECONDS);
    }
  }

  end(): void {
    if (this.planned !== undefined) this.#hub.wheel.cancel(this);
    this.#whole(this.#bytes.subarray(0, this.#length));
    // What it holds is not needed until the answer, only its size.
    this.#bytes = NOTHING;
  }

  lost(): void {
    this.#hub.wheel.cancel(this);
    this.#refuse(new FanwireError('connection_lost', 'the request broke off before the end of its body'));
  }

  due(): void {
    const { bodyBytesPerSecond } = this.#hub.limits;
    const grown = this.#before === undefined ? Number.POSITIVE_INFINITY : this.#length - this.#before;
    this.#before = this.#length;
    if (grown >= bodyBytesPerSecond * LOOK_SECONDS) this.#hub.wheel.plan(this, LOOK_SECONDS);
    else this.#stop(tooSlow('the body', grown, bodyBytesPerSecond));
  }

  #take(bytes: number): boolean {
    if (bytes <= 0) return true;
    if (!this.#hub.received.take(this.#limits.network, bytes)) return false;
    this.#taken += bytes;
    return true;
  }

  #stop(error: FanwireError): void {
    this.#hub.wheel.cancel(this);
    this.#carrier.stopReceiving();
    this.#bytes = NOTHING;
    this.#refuse(error);
  }

  tooLarge(): FanwireError {
    const { maxBytes, name } = this.#limits;
    return new FanwireError(
      'body_too_large',
      `a request's body takes ${maxBytes} bytes (${name}): send less at once`,
    );
  }

  /** Writes a part behind what is there: in a buffer twice as large once there is no room, or as large as was declared. */
  #appended(part: Buffer): Buffer {
    const needed = this.#length + part.length;
    let whole = this.#bytes;
    if (needed > whole.length) {
      whole = Buffer.allocUnsafe(this.#declared >= needed ? this.#declared : needed * 2);
      this.#bytes.copy(whole, 0, 0, this.#length);
    }
    part.copy(whole, this.#length);
    return whole;
  }
}

/** @param what it is that comes too slowly */
export function tooSlow(what: string, grown: number, bytesPerSecond: number): FanwireError {
  return new FanwireError(
    'body_too_slow',
    `${grown} bytes of ${what} have come in ${LOOK_SECONDS} s: at least ${bytesPerSecond} a second should (bodyBytesPerSecond)`,
  );
}
