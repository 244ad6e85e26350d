import type { FanwireError } from '../../protocol/errors.ts';
import { sseEvent, sseRetry } from '../../wire/sse.ts';
import type { Reply } from '../exchange.ts';

/**
 * Puts a client off that asked for an event stream. An EventSource is closed for good by any status but 200 (WHATWG HTML 9.2.3);
 * a stream that ends at once brings it back.
 * @param problem the body that other requests are refused with
 */
export function putOffEvents(reply: Reply, error: FanwireError, problem: string, retryMs: number): void {
  const delayMs = Math.max(retryMs, 1000 * (error.retryAfter ?? 0));
  const body = sseRetry(Math.ceil(delayMs)) + sseEvent({ event: 'error', data: problem });
  const head = {
    ...reply.headers,
    'Content-Type': 'text/event-stream',
    'Content-Length': Buffer.byteLength(body),
    'Cache-Control': 'no-store',
  };
  reply.send(200, head, body);
}
