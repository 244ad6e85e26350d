import type { ServerFrame } from '../protocol/frames.ts';
import type { Failure, Held, WireResult } from './readings.ts';
import type { Target } from './target.ts';

/** Where a wire is: it is opened, an answer has begun, it is proved, and it has come to its end. */
type State =
  | { readonly kind: 'opening' }
  | { readonly kind: 'answering' }
  | { readonly kind: 'proved' }
  | { readonly kind: 'over'; readonly result: WireResult };

/** What happens on one open wire, by the clock. A probe tells it, and asks for the result. */
export class Recorder {
  readonly #target: Target;
  readonly #began = performance.now();
  #state: State = { kind: 'opening' };
  #timer: ReturnType<typeof setTimeout>;
  #firstByteAt = 0;
  #provedAt = 0;
  #lastByteAt = 0;
  #messageAt: number | undefined;
  #settleProof!: () => void;
  #settle!: (result: WireResult) => void;
  /** Resolves once it is proved, or has failed. */
  readonly settled: Promise<void>;
  readonly #result: Promise<WireResult>;
  encoding: string | undefined;

  constructor(target: Target) {
    this.#target = target;
    this.settled = new Promise((resolve) => (this.#settleProof = resolve));
    this.#result = new Promise((resolve) => (this.#settle = resolve));
    this.#timer = setTimeout(() => this.#late(), target.patienceMs);
  }

  /** What it was, once it is over. @param publishedAt when the message was published, by `performance.now()` */
  async result(publishedAt: () => number | undefined): Promise<WireResult> {
    const result = await this.#result;
    const at = publishedAt();
    if (result.state !== 'proved' || this.#messageAt === undefined || at === undefined) return result;
    return { ...result, messageMs: Math.max(0, this.#messageAt - at) };
  }

  heardHead(): void {
    if (this.#state.kind === 'opening') this.#state = { kind: 'answering' };
  }

  heardBytes(): void {
    this.#lastByteAt = performance.now();
    this.#firstByteAt ||= this.#lastByteAt;
  }

  heard(frame: ServerFrame): void {
    if ('welcome' in frame) this.#prove();
    else if ('data' in frame) this.#messageAt ??= performance.now();
    else if ('error' in frame && !('ref' in frame)) {
      const { code, detail } = frame.error;
      this.fail({ by: 'hub', status: 200, code, detail });
    }
  }

  #prove(): void {
    if (this.#state.kind !== 'opening' && this.#state.kind !== 'answering') return;
    this.#state = { kind: 'proved' };
    this.#provedAt = performance.now();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#hold({ end: 'kept', ms: this.#target.holdMs }), this.#target.holdMs);
    this.#settleProof();
  }

  #late(): void {
    const within = `within ${this.#target.patienceMs / 1000} s`;
    if (this.#state.kind === 'opening')
      this.fail({ by: 'network', cause: 'mute', detail: `no answer ${within}` });
    else this.fail({ by: 'network', cause: 'buffered', detail: `it opened, and nothing came ${within}` });
  }

  /** It does not work, or does not any more. */
  fail(failure: Failure): void {
    if (this.#state.kind === 'proved') {
      const now = performance.now();
      const ms = now - this.#provedAt;
      if (failure.by === 'hub') this.#hold({ end: 'closed by the hub', ms, how: failure.detail });
      else this.#hold({ end: 'cut', ms, silentMs: now - this.#lastByteAt, how: failure.detail });
    } else {
      this.#over({
        state: 'failed',
        failure,
        afterMs: performance.now() - this.#began,
        encoding: this.encoding,
      });
    }
  }

  #hold(held: Held): void {
    this.#over({
      state: 'proved',
      firstByteMs: this.#firstByteAt - this.#began,
      provedMs: this.#provedAt - this.#began,
      encoding: this.encoding,
      held,
    });
  }

  #over(result: WireResult): void {
    if (this.#state.kind === 'over') return;
    this.#state = { kind: 'over', result };
    clearTimeout(this.#timer);
    this.#settleProof();
    this.#settle(result);
  }
}
