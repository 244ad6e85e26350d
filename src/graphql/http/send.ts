import type { GraphQLError } from 'graphql';
import type { FanwireError } from '../../protocol/errors.ts';
import { isPassing, problemJson } from '../../protocol/problems.ts';
import type { ServerReply } from '../../server/server-exchange.ts';
import { putOffEvents } from '../../transports/sse/refusal.ts';
import { graphqlError } from '../errors.ts';
import { lastEvents } from '../last-events.ts';
import { resultJson } from '../result-json.ts';
import { type AnswerType, answerTypeFor } from './answer-type.ts';

/** The `Accept` of a request: anything, without one. */
export function acceptOf({ request }: Pick<ServerReply, 'request'>): string {
  return request.headers.accept?.trim() || '*/*';
}

/** Sends one result whole. */
export function sendResult(reply: ServerReply, type: AnswerType, status: number, json: string): void {
  const isEvents = type === 'text/event-stream';
  const body = isEvents ? lastEvents(json) : json;
  const head = {
    ...reply.headers,
    'Content-Type': contentTypeOf(type),
    'Content-Length': Buffer.byteLength(body),
    'Cache-Control': 'no-store',
  };
  reply.send(status, head, body);
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
  sendResult(reply, type, status, resultJson({ errors }));
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

function contentTypeOf(type: AnswerType): string {
  return type === 'text/event-stream' ? type : `${type}; charset=utf-8`;
}
