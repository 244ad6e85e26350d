import type { GraphQLError } from 'graphql';
import type { FanwireError } from '../../protocol/errors.ts';
import { isPassing, problemJson } from '../../protocol/problems.ts';
import type { ServerExchange, ServerReply } from '../../server/server-exchange.ts';
import { gzippedIfWorth } from '../../transports/gzipped.ts';
import { putOffEvents } from '../../transports/sse/refusal.ts';
import { graphqlError } from '../errors.ts';
import { lastEvents } from '../last-events.ts';
import { resultJson } from '../result-json.ts';
import { type AnswerType, answerTypeFor } from './answer-type.ts';

/** The `Accept` of a request: anything, without one. */
export function acceptOf({ request }: Pick<ServerReply, 'request'>): string {
  return request.headers.accept?.trim() || '*/*';
}

/** Sends what an operation came to, which may be large. */
export async function sendResult(exchange: ServerExchange, type: AnswerType, json: string): Promise<void> {
  const { head, body } = await gzippedIfWorth(exchange, Buffer.from(bodyOf(type, json)));
  if (!exchange.abandoned) exchange.send(200, { ...headOf(exchange, type), ...head }, body);
}

/**
 * Says that nothing was begun, and why. Clients that ask for `application/json` take a status other than 200 for a proxy's
 * (GraphQL over HTTP, section 6.4.1), and an EventSource for the last word.
 */
export function sendRequestErrors(
  reply: ServerReply,
  type: AnswerType,
  errors: readonly GraphQLError[],
): void {
  const status = type === 'application/graphql-response+json' ? 400 : 200;
  const body = bodyOf(type, resultJson({ errors }));
  reply.send(status, { ...headOf(reply, type), 'Content-Length': Buffer.byteLength(body) }, body);
}

/** Refuses a request that was not executed: by its status, and by a problem (RFC 9457) that says it in GraphQL's words as well. */
export function refuseInWords(reply: ServerReply, error: FanwireError, retryMs: number): void {
  const type = answerTypeFor(acceptOf(reply));
  if (type === 'text/event-stream' && reply.request.method === 'GET' && isPassing(error.code)) {
    putOffEvents(reply, error, problemJson(error), retryMs);
    return;
  }
  reply.sendProblem(error, { errors: [graphqlError(error)] });
}

function bodyOf(type: AnswerType, json: string): string {
  return type === 'text/event-stream' ? lastEvents(json) : json;
}

function headOf({ headers }: ServerReply, type: AnswerType) {
  const contentType = type === 'text/event-stream' ? type : `${type}; charset=utf-8`;
  return { ...headers, 'Content-Type': contentType, 'Cache-Control': 'no-store' };
}
