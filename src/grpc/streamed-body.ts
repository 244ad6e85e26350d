import type { IncomingMessage } from 'node:http';
import { Code, ConnectError } from '@connectrpc/connect';
import { hubBusy } from '../hub/budget/hub-busy.ts';
import type { Due } from '../hub/connections/second-wheel.ts';
import type { Hub } from '../hub/hub.ts';
import { FanwireError } from '../protocol/errors.ts';
import { LOOK_SECONDS, tooSlow } from '../server/received-body.ts';
import type { NodeExchange } from './call.ts';
import type { CallBody } from './call-body.ts';
import { toConnectError } from './errors.ts';
import { MessageBounds } from './message-bounds.ts';

/**
 * A request of many messages: read on only once those before have been dealt with. Between two of them it may rest for as long as it
 * likes; one that has begun comes as fast as a body has to.
 */
export class StreamedBody implements CallBody, Due {
  planned: number | undefined;
  /** The most bytes of one message. */
  maxBytes: () => number;
  readonly #hub: Hub;
  readonly #request: IncomingMessage;
  readonly #network: string;
  readonly #bounds = new MessageBounds();
  #held = 0;
  /** Bytes of the message that is not whole, at the last look: the first one asks for nothing. */
  #before: number | undefined;
  /** Ends the wait for what comes next; undefined while the hub asks for nothing. */
  #stop: ((error: Error) => void) | undefined;

  constructor({ hub, caller, carrier }: NodeExchange) {
    this.#hub = hub;
    this.#request = carrier.request;
    this.#network = caller.network;
    this.maxBytes = () => hub.maxBytes(caller.access, hub.limits.bodyBytes);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    // Connect lets go of it when it has read enough, which is not to cut the connection.
    const parts: AsyncIterator<Buffer> = this.#request.iterator({ destroyOnReturn: false });
    try {
      for (;;) {
        const { value: part, done } = await this.#next(parts);
        if (done) return;
        this.#take(part);
        yield part;
      }
    } finally {
      // Not awaited: it waits for a part that may never come.
      parts.return?.().catch(() => {});
    }
  }

  handled(): void {
    const { partial } = this.#bounds;
    this.#give(this.#held - Math.min(partial, this.#held));
  }

  release(): void {
    this.#hub.wheel.cancel(this);
    this.#give(this.#held);
    this.#stop?.(new ConnectError('the call has ended', Code.Canceled));
  }

  due(): void {
    const { partial } = this.#bounds;
    if (partial === 0) return;
    const before = this.#before;
    // A client that the hub does not read from can't be slow.
    this.#before = this.#stop && partial;
    const { bodyBytesPerSecond } = this.#hub.limits;
    const grown = before === undefined ? Number.POSITIVE_INFINITY : partial - before;
    if (!this.#stop || grown >= bodyBytesPerSecond * LOOK_SECONDS) this.#hub.wheel.plan(this, LOOK_SECONDS);
    else this.#stop(this.#refusal(tooSlow('a message', grown, bodyBytesPerSecond)));
  }

  #next(parts: AsyncIterator<Buffer>): Promise<IteratorResult<Buffer>> {
    return new Promise((resolve, reject) => {
      this.#stop = reject;
      parts.next().then((next) => {
        this.#stop = undefined;
        resolve(next);
      }, reject);
    });
  }

  #take(part: Buffer): void {
    // Before the part: what stands in front of the message has been dealt with by now, which may have changed what a message takes.
    const maxBytes = this.maxBytes();
    if (this.#bounds.declared > maxBytes) {
      throw this.#refusal(
        new FanwireError(
          'message_too_large',
          `a message takes ${maxBytes} bytes here (bodyBytes, strangerBytes)`,
        ),
      );
    }
    if (!this.#hub.received.take(this.#network, part.length)) {
      throw this.#refusal(hubBusy(this.#hub.received));
    }
    this.#held += part.length;
    const { whole } = this.#bounds;
    this.#bounds.add(part);
    if (this.#bounds.whole > whole) this.#before = undefined;
    if (this.#bounds.partial > 0 && this.planned === undefined) this.#hub.wheel.plan(this, LOOK_SECONDS);
  }

  #give(bytes: number): void {
    this.#hub.received.give(this.#network, bytes);
    this.#held -= bytes;
  }

  #refusal(error: FanwireError) {
    return toConnectError(this.#hub.refuse(error));
  }
}
