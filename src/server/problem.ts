import type { ServerResponse } from 'node:http';
import { constants, type ServerHttp2Stream } from 'node:http2';
import type { Duplex } from 'node:stream';
import type { FanwireError } from '../protocol/errors.ts';
import { PROBLEMS, problemJson } from '../protocol/problems.ts';
import { endLingering, isStillSent } from './lingering.ts';
import { type Headers, NOSNIFF } from './origin.ts';

interface ProblemResponse {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
}

export function problemResponse(
  error: FanwireError,
  extra: Readonly<Record<string, unknown>> = {},
): ProblemResponse {
  const body = problemJson(error, extra);
  return {
    status: PROBLEMS[error.code].status,
    headers: {
      ...NOSNIFF,
      'Content-Type': 'application/problem+json',
      'Content-Length': String(Buffer.byteLength(body)),
      // A cached refusal would go on refusing.
      'Cache-Control': 'no-store',
      ...(error.retryAfter === undefined ? {} : { 'Retry-After': String(Math.ceil(error.retryAfter)) }),
      ...(error.code === 'unauthenticated' ? { 'WWW-Authenticate': 'Bearer' } : {}),
    },
    body,
  };
}

/**
 * @param given what every answer to the request carries
 * @param extra further members of the body, such as what was done before it failed
 */
export function sendProblem(
  response: ServerResponse,
  error: FanwireError,
  given: Headers = {},
  extra: Readonly<Record<string, unknown>> = {},
): void {
  if (response.headersSent) {
    // Half an answer can't be taken back; cut off, it is not mistaken for a whole one.
    response.destroy();
    return;
  }
  const { status, headers, body } = problemResponse(error, extra);
  const { stream } = response as ServerResponse & { readonly stream?: ServerHttp2Stream };
  const lingers = !stream && isStillSent(response.req);
  if (lingers) response.setHeader('Connection', 'close');
  response.writeHead(status, { ...given, ...headers });
  if (lingers) {
    response.write(body);
    endLingering(response);
    return;
  }
  response.end(body);
  // Of a request that goes on, the rest is not wanted, and the answer arrives all the same (RFC 9113 section 8.1).
  if (stream && !response.req.complete) stream.close(constants.NGHTTP2_NO_ERROR);
}

/** Refuses a handshake: before it is answered the socket still speaks plain HTTP/1.1. */
export function refuseUpgrade(socket: Duplex, error: FanwireError, extraHeaders: Headers = {}): void {
  const { status, headers, body } = problemResponse(error);
  const lines = Object.entries({ ...headers, ...extraHeaders, Connection: 'close' }).map(
    ([name, value]) => `${name}: ${value}\r\n`,
  );
  // A client that keeps its own half open must not keep the socket.
  socket.once('finish', () => socket.destroy());
  socket.end(`HTTP/1.1 ${status} ${PROBLEMS[error.code].title}\r\n${lines.join('')}\r\n${body}`);
}
