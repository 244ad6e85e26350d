import { DO } from './records.ts';
import type { EngineSession } from './session.ts';

/** From this many bytes on that wait for the peer, a writer is asked to wait. */
export const HIGH_WATER_BYTES = 256 * 1024;
/** Down to this many, and it may go on. */
const LOW_WATER_BYTES = HIGH_WATER_BYTES / 2;

/** The direction of a stream that this end writes. */
export interface SendStream {
  /**
   * Queues bytes, which may be used again at once. False asks to wait for `ondrain`; who goes on is stopped by the
   * limit `queuedBytesPerStream`.
   * @throws Error after `end` or `reset`, and with as many bytes waiting as the limit allows
   */
  write(bytes: Uint8Array): boolean;
  /** After a `write` that was false there is room again. */
  ondrain: () => void;
  /** Nothing follows. What is queued is still delivered. */
  end(): void;
  /** Nothing follows, and what is queued is let go: the peer gets the code. */
  reset(code: number): void;
  /** The peer wants no more, and gave this code. What is written from now on goes nowhere. */
  onstop: (code: number) => void;
}

/** `ended` by this end, and perhaps not delivered yet; `gone` is what the engine knows no longer. */
type State = { kind: 'open'; queued: number; isFull: boolean } | { kind: 'ended' } | { kind: 'gone' };

export class EngineSendStream implements SendStream {
  ondrain = () => {};
  onstop = (_code: number) => {};
  readonly #session: EngineSession;
  readonly #id: number;
  #state: State = { kind: 'open', queued: 0, isFull: false };

  constructor(session: EngineSession, id: number) {
    this.#session = session;
    this.#id = id;
  }

  write(bytes: Uint8Array): boolean {
    const state = this.#state;
    if (state.kind === 'ended') throw new Error('the stream has been ended');
    if (state.kind === 'gone') return false;
    if (state.queued >= this.#session.queuedBytesPerStream) {
      throw new Error(`${state.queued} bytes wait in the stream already: wait for ondrain`);
    }
    this.#session.ask(DO.write, this.#id, 0, bytes);
    state.queued += bytes.length;
    state.isFull ||= state.queued >= HIGH_WATER_BYTES;
    return !state.isFull;
  }

  end(): void {
    if (this.#state.kind !== 'open') return;
    this.#state = { kind: 'ended' };
    this.#session.ask(DO.finish, this.#id, 0);
  }

  reset(code: number): void {
    // Also after `end`: what is queued may be waiting still.
    if (this.#state.kind === 'gone') return;
    this.#state = { kind: 'ended' };
    this.#session.ask(DO.reset, this.#id, code);
  }

  written(bytes: number): void {
    const state = this.#state;
    if (state.kind !== 'open') return;
    state.queued -= bytes;
    if (!state.isFull || state.queued > LOW_WATER_BYTES) return;
    state.isFull = false;
    this.ondrain();
  }

  stopped(code: number): void {
    this.gone();
    this.onstop(code);
  }

  /** The engine knows it no longer. */
  sent(): void {
    this.gone();
    this.#session.forgetOutgoing(this.#id);
  }

  gone(): void {
    this.#state = { kind: 'gone' };
  }
}
