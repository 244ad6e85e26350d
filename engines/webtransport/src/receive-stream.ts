import { DO } from './records.ts';
import type { EngineSession } from './session.ts';

/** What the engine reads of a stream ahead of its reader; `engine/incoming.go` has the same. */
const CREDIT_BYTES = 128 * 1024;

/** The direction of a stream that the peer writes. What comes while nobody has set `ondata` is lost. */
export interface ReceiveStream {
  /** Bytes have come. They are part of a larger piece of memory: who keeps few of them should copy those. */
  ondata: (bytes: Uint8Array) => void;
  /** The peer has written all, and all has been given to `ondata`. */
  onend: () => void;
  /** The peer gave up, with this code. What it wrote before may be missing. */
  onreset: (code: number) => void;
  /** No `ondata` until `resume`; the peer soon has to wait too, by QUIC's flow control. */
  pause(): void;
  resume(): void;
  /** The rest is not wanted: the peer gets the code, and nothing more comes. */
  stop(code: number): void;
}

type Ending = { kind: 'ended' } | { kind: 'reset'; code: number };

/** `paused` has what came in spite of the pause. */
type State =
  | { kind: 'flowing' }
  | { kind: 'paused'; waiting: Uint8Array[]; ending?: Ending }
  | { kind: 'over' };

export class EngineReceiveStream implements ReceiveStream {
  ondata = (_bytes: Uint8Array) => {};
  onend = () => {};
  onreset = (_code: number) => {};
  readonly #session: EngineSession;
  readonly #id: number;
  #state: State = { kind: 'flowing' };
  /** Bytes that were read, and that the engine does not know of yet. */
  #read = 0;

  constructor(session: EngineSession, id: number) {
    this.#session = session;
    this.#id = id;
  }

  pause(): void {
    if (this.#state.kind === 'flowing') this.#state = { kind: 'paused', waiting: [] };
  }

  resume(): void {
    const paused = this.#state;
    if (paused.kind !== 'paused') return;
    this.#state = { kind: 'flowing' };
    const { waiting, ending } = paused;
    while (waiting.length > 0) {
      this.#give(waiting.shift()!);
      // The reader may have paused again, or stopped, and what is left waits with what comes.
      const state = this.#state as State;
      if (state.kind === 'over') return;
      if (state.kind === 'paused') {
        this.#state = { ...paused, waiting };
        return;
      }
    }
    if (ending) this.#finish(ending);
  }

  stop(code: number): void {
    if (this.#state.kind === 'over') return;
    this.gone();
    this.#session.ask(DO.stop, this.#id, code);
    this.#session.forgetIncoming(this.#id);
  }

  came(bytes: Uint8Array): void {
    if (this.#state.kind === 'paused') this.#state.waiting.push(bytes);
    else if (this.#state.kind === 'flowing') this.#give(bytes);
  }

  over(ending: Ending): void {
    this.#session.forgetIncoming(this.#id);
    if (this.#state.kind === 'paused') this.#state.ending = ending;
    else if (this.#state.kind === 'flowing') this.#finish(ending);
  }

  gone(): void {
    this.#state = { kind: 'over' };
  }

  #give(bytes: Uint8Array): void {
    this.#read += bytes.length;
    // Half of it at a time: a message to the engine costs more than a few packets' worth of memory.
    if (this.#read >= CREDIT_BYTES / 2) {
      this.#session.ask(DO.credit, this.#id, this.#read);
      this.#read = 0;
    }
    this.ondata(bytes);
  }

  #finish(ending: Ending): void {
    this.gone();
    if (ending.kind === 'ended') this.onend();
    else this.onreset(ending.code);
  }
}
