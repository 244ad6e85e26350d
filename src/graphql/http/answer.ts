import { FanwireError } from '../../protocol/errors.ts';
import { readStart } from '../../protocol/start-reader.ts';
import type { ServerExchange } from '../../server/server-exchange.ts';
import { serveStream } from '../../transports/stream-channel.ts';
import { requestErrors } from '../errors.ts';
import { eventFormatsOf } from '../event-formats.ts';
import type { Documents, Operation } from '../operation/documents.ts';
import { answerOperation, beginSubscription } from '../operation/execute.ts';
import { resultJson } from '../result-json.ts';
import { answerTypeFor, takesEvents } from './answer-type.ts';
import { operationRequestOf } from './operation-request.ts';
import { acceptOf, sendRequestErrors, sendResult } from './send.ts';

/**
 * Answers an operation that has come as a request (GraphQL over HTTP; GraphQL over SSE, distinct connections).
 * @throws FanwireError before the answer has begun
 */
export async function answerRequest(
  exchange: ServerExchange,
  documents: Documents,
  retryMs: number,
): Promise<void> {
  const type = answerTypeFor(acceptOf(exchange));
  if (type === undefined) {
    throw new FanwireError('not_acceptable', 'an operation is answered in JSON, or as text/event-stream');
  }
  const asked = await operationRequestOf(exchange);
  let operation: Operation;
  try {
    operation = documents.operation(asked);
  } catch (error) {
    sendRequestErrors(exchange, type, requestErrors(exchange.hub, error));
    return;
  }
  const { operation: kind } = operation.definition;
  if (kind === 'subscription') {
    await answerWithEvents(exchange, operation, retryMs);
    return;
  }
  if (kind === 'mutation' && exchange.method === 'GET') {
    throw new FanwireError('method_not_allowed', 'a mutation is sent by POST');
  }
  const result = await answerOperation(operation, exchange);
  if (exchange.abandoned) return;
  if ('data' in result) await sendResult(exchange, type, resultJson(result));
  else sendRequestErrors(exchange, type, result.errors!);
}

/** An EventSource asks by GET, and comes back by itself: with what it was told of its position, which goes before the document's. */
async function answerWithEvents(
  exchange: ServerExchange,
  operation: Operation,
  retryMs: number,
): Promise<void> {
  if (!takesEvents(acceptOf(exchange))) {
    throw new FanwireError(
      'not_acceptable',
      'a subscription is answered as text/event-stream, which the header Accept does not allow; or over a WebSocket',
    );
  }
  const begun = await beginSubscription(operation, exchange);
  if (begun.kind === 'refused') {
    sendRequestErrors(exchange, 'text/event-stream', begun.errors);
    return;
  }
  const { channels, start, selection } = begun.asked;
  const lastEventId = exchange.header('last-event-id');
  const from = lastEventId ? readStart(lastEventId, undefined) : start;
  const { stream, eventSource } = eventFormatsOf(selection);
  await serveStream(
    exchange,
    { channels, start: from, retryMs },
    exchange.method === 'GET' ? eventSource : stream,
  );
}
