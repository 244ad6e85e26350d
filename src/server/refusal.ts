import type { FanwireError } from '../protocol/errors.ts';
import { isPassing } from '../protocol/problems.ts';
import type { Exchange } from '../transports/exchange.ts';
import { putOffEvents } from '../transports/sse/refusal.ts';
import { setConnectionHeaders } from './connection-headers.ts';
import { preferred } from './negotiation.ts';
import { problemJson, sendProblem } from './problem.ts';

/** @param retryMs when a channel was to be read: what an EventSource is told to wait, if the refusal passes */
export function refuseRequest(
  exchange: Pick<Exchange, 'request' | 'response' | 'headers'>,
  error: FanwireError,
  retryMs: number | undefined,
): void {
  const { request, response, headers } = exchange;
  if (response.headersSent) {
    sendProblem(response, error, headers);
    return;
  }
  // An idle connection more is what there is no room for.
  if (error.code === 'too_many_connections') setConnectionHeaders(response, { Connection: 'close' });
  const asksForEvents = retryMs !== undefined && preferred(request) === 'text/event-stream';
  if (asksForEvents && isPassing(error.code)) {
    putOffEvents(exchange, error, problemJson(error), retryMs);
  } else sendProblem(response, error, headers);
}
