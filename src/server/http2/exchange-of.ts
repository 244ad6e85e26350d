import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  Http2ServerRequest,
  Http2ServerResponse,
  type IncomingHttpHeaders,
  type ServerHttp2Stream,
} from 'node:http2';

/** What Node tells of a stream that a client has opened. */
export type StreamEvent = [
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  flags: number,
  rawHeaders: string[],
];

export interface RequestPair {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/** A stream as a request and its answer: the compatibility interface is that of HTTP/1.1, though its types do not say so. */
export function exchangeOf([stream, headers, , rawHeaders]: StreamEvent): RequestPair {
  endWithClient(stream);
  const request = new Http2ServerRequest(stream, headers, {}, rawHeaders);
  const response = new Http2ServerResponse(stream);
  // As Node does where nobody asks to decide it.
  if (headers.expect?.toLowerCase() === '100-continue') response.writeContinue();
  return { request: request as unknown as IncomingMessage, response: response as unknown as ServerResponse };
}

/** Node 20 never closes a stream that was reset without an error as soon as it was opened: who waits for its end would wait on. */
export function endWithClient(stream: ServerHttp2Stream): void {
  stream.on('aborted', destroy);
}

function destroy(this: ServerHttp2Stream): void {
  this.destroy();
}
