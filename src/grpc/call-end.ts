import type { HandlerContext } from '@connectrpc/connect';
import type { FanwireError } from '../protocol/errors.ts';
import { type Call, movedOn, refusalOf } from './call.ts';

/** The end of a call that lasts: by its client, its deadline, or the hub. */
export class CallEnd {
  readonly #call: Call;
  readonly #ended: Promise<void>;
  #resolve!: () => void;
  #reject!: (error: unknown) => void;

  constructor(call: Call, { signal }: HandlerContext) {
    this.#call = call;
    this.#ended = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    // It may come before anybody waits for it.
    this.#ended.catch(() => {});
    const expired = () => this.#reject(signal.reason);
    if (signal.aborted) expired();
    else signal.addEventListener('abort', expired, { once: true });
  }

  /** Resolves once the call has ended well. @throws ConnectError what it ends with else */
  ended(): Promise<void> {
    return this.#ended;
  }

  /** By the client, or as it asked. */
  finish(): void {
    this.#resolve();
  }

  /** By what came of the client. */
  fail(error: unknown): void {
    this.#reject(error);
  }

  /** By the hub. @param reason undefined: the client is to come back */
  close(reason: FanwireError | undefined): void {
    this.#reject(refusalOf(this.#call, reason ?? movedOn()));
  }
}
