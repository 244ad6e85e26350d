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
