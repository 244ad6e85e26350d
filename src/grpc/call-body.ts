import type { IncomingMessage } from 'node:http';
import { hubBusy } from '../hub/budget/hub-busy.ts';
import type { Hub } from '../hub/hub.ts';
import { FanwireError } from '../protocol/errors.ts';
import { ReceivedBody } from '../server/received-body.ts';
import type { NodeExchange } from './call.ts';
import { toConnectError } from './errors.ts';

/** What comes of a call's request. All that is held of it counts for its sender's address until it is let go. */
export interface CallBody extends AsyncIterable<Uint8Array> {
  /** A message of it has been dealt with. */
  handled(): void;
  /** Everything has. */
  release(): void;
}

/** A request of one message: taken whole, within the limits of every body. */
export function wholeBody({ hub, caller, carrier }: NodeExchange): CallBody {
  const usual = hub.limits.bodyBytes;
  const maxBytes = hub.maxBytes(caller.access, usual);
  const name = maxBytes < usual ? 'strangerBytes' : 'bodyBytes';
  const received = new ReceivedBody(carrier, hub, { network: caller.network, maxBytes, name });
  return {
    handled() {},
    release: () => received.release(),
    async *[Symbol.asyncIterator]() {
      try {
        yield await received.read();
      } catch (error) {
        throw toConnectError(hub.refuse(error));
      }
    },
  };
}

/** A request of many messages: read on only once those before have been dealt with. */
export class StreamedBody implements CallBody {
  readonly #hub: Hub;
  readonly #request: IncomingMessage;
  readonly #network: string;
  /** The most bytes of one message. */
  maxBytes: () => number;
  #held = 0;

  constructor({ hub, caller, carrier }: NodeExchange) {
    this.#hub = hub;
    this.#request = carrier.request;
    this.#network = caller.network;
    this.maxBytes = () => hub.maxBytes(caller.access, hub.limits.bodyBytes);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    // Connect lets go of it when it has read enough, which is not to cut the connection.
    for await (const part of this.#request.iterator({ destroyOnReturn: false })) {
      this.#take(part);
      yield part;
    }
  }

  handled(): void {
    this.release();
  }

  release(): void {
    this.#hub.received.give(this.#network, this.#held);
    this.#held = 0;
  }

  #take({ length }: Buffer): void {
    const maxBytes = this.maxBytes();
    // Before the part: it may hold the end of one message and the beginning of the next.
    if (this.#held > maxBytes) {
      throw this.#refusal(
        new FanwireError(
          'message_too_large',
          `a message takes ${maxBytes} bytes here (bodyBytes, strangerBytes)`,
        ),
      );
    }
    if (!this.#hub.received.take(this.#network, length)) throw this.#refusal(hubBusy(this.#hub.received));
    this.#held += length;
  }

  #refusal(error: FanwireError) {
    return toConnectError(this.#hub.refuse(error));
  }
}
