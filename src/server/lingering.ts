import type { IncomingMessage, ServerResponse } from 'node:http';

/** How much more of a refused body is taken, and for how long, so that the answer is read. */
const LINGER_BYTES = 64 * 1024 * 1024;
const LINGER_MS = 5_000;

/** Whether more of the request's body may come. */
export function isStillSent({ complete, headers }: IncomingMessage): boolean {
  return !complete && (headers['transfer-encoding'] !== undefined || Number(headers['content-length']) > 0);
}

/**
 * Ends an answer that has been written, once its request has been sent or had its time. A connection that is
 * closed with bytes unread is reset, and the client would lose the answer (RFC 9112 section 9.6).
 */
export function endLingering(response: ServerResponse): void {
  const { req: request } = response;
  let left = LINGER_BYTES;
  const timer = setTimeout(end, LINGER_MS);
  function end(): void {
    clearTimeout(timer);
    request.off('data', take);
    response.end();
  }
  function take(part: Buffer): void {
    left -= part.length;
    if (left < 0) end();
  }
  request.on('data', take).on('end', end).on('close', end).resume();
}
