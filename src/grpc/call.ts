import { ConnectError, createContextKey, type HandlerContext } from '@connectrpc/connect';
import { FanwireError } from '../protocol/errors.ts';
import type { NodeCarrier } from '../server/node-carrier.ts';
import type { ServerExchange } from '../server/server-exchange.ts';
import type { ByteStream, StreamOwner } from '../transports/byte-stream.ts';
import { streamHead } from '../transports/stream-head.ts';
import type { CallBody } from './call-body.ts';
import { toConnectError, toFanwireError } from './errors.ts';

/** A request that Node's server brought: only that has what calls end with, trailers. */
export type NodeExchange = ServerExchange & { readonly carrier: NodeCarrier };

/** A call as the hub's own services see it, beside what Connect tells of it. */
export interface Call {
  readonly exchange: NodeExchange;
  readonly body: CallBody;
}

export const CALL = createContextKey<Call | undefined>(undefined, { description: 'the call' });

/** Why a call is refused before its service hears of it. */
export const REFUSAL = createContextKey<FanwireError | undefined>(undefined, { description: 'the refusal' });

export function callOf({ values }: HandlerContext): Call {
  return values.get(CALL)!;
}

/**
 * Begins the answer of a stream, whose messages are written by the service itself: once encoded, they are everybody's. Connect has
 * chosen the head, and ends the answer in the way of the call's protocol.
 */
export function beginStream(
  { responseHeader }: HandlerContext,
  { exchange }: Call,
  owner: StreamOwner,
): ByteStream {
  return exchange.stream(streamHead(exchange, Object.fromEntries(responseHeader)), owner);
}

/** For Connect, a stream of messages that the service writes itself: nothing but its end. */
export function endOf(run: () => Promise<void>): AsyncIterable<never> {
  return {
    [Symbol.asyncIterator]: () => ({
      async next() {
        await run();
        return { done: true, value: undefined };
      },
    }),
  };
}

/**
 * What a client is told of an error.
 * @param metadata what was done before it
 */
export function refusalOf(
  { exchange }: Call,
  error: unknown,
  metadata?: Readonly<Record<string, string>>,
): ConnectError {
  if (!(error instanceof ConnectError)) return toConnectError(exchange.hub.refuse(error), metadata);
  // What is read of the body ends with the hub's own refusal. Else it is Connect's: a deadline, a client that went away.
  const refusal = metadata && toFanwireError(error);
  return refusal ? toConnectError(refusal, metadata) : error;
}

/** What the hub ends a call with that it has nothing against. */
export function movedOn(): FanwireError {
  return new FanwireError('draining', 'the hub has ended this call: come back with your position', {
    retryAfter: 1,
  });
}
