import type { IncomingMessage } from 'node:http';
import type { IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2';
import { SOCKET_TRANSPORTS } from '../../transports/transports.ts';

/*
 * WebSockets over HTTP/2 (RFC 8441). A stream that asked for one carries the same frames as a socket, and the handshake
 * the same headers, without the key: who answers for HTTP/1.1, `ws` or a refusal, answers here as well.
 */

/** What would be proven by the answer to a key, the protocol's own settings have proven. */
const NO_KEY = Buffer.alloc(16).toString('base64');

/** Headers of the answer that belong to the connection, or to the key (RFC 9113 section 8.2.2). */
const NOT_PASSED = new Set([
  'connection',
  'upgrade',
  'keep-alive',
  'transfer-encoding',
  'sec-websocket-accept',
]);

export function asksForSocket(headers: IncomingHttpHeaders): boolean {
  if (headers[':method'] !== 'CONNECT') return false;
  return SOCKET_TRANSPORTS.some(({ protocol }) => protocol === headers[':protocol']);
}

/** The request as the handshake of HTTP/1.1 would have it. Nothing but its head is ever asked for. */
export function handshakeRequest(stream: ServerHttp2Stream, given: IncomingHttpHeaders): IncomingMessage {
  const headers = {
    ...given,
    connection: 'Upgrade',
    upgrade: String(given[':protocol']),
    'sec-websocket-key': NO_KEY,
  };
  const request = {
    method: 'GET',
    url: given[':path'],
    httpVersion: '2.0',
    httpVersionMajor: 2,
    headers,
    socket: stream.session!.socket,
  };
  return request as unknown as IncomingMessage;
}

type Answered = Partial<Pick<ServerHttp2Stream, 'write' | 'end'>>;

/**
 * Lets a stream be answered as a socket is: what is written first is a head in the words of HTTP/1.1, and goes out
 * as headers of HTTP/2. After that the stream is as it was.
 */
export function answerAsSocket(stream: ServerHttp2Stream): void {
  const answer = (text: string) => {
    answerAsStream(stream);
    const [head = '', body = ''] = text.split('\r\n\r\n');
    stream.respond(headersOf(head));
    return body;
  };
  const own: Answered = stream;
  own.write = ((text: string) => {
    const body = answer(text);
    return body === '' || stream.write(body);
  }) as ServerHttp2Stream['write'];
  own.end = ((text: string) => {
    const body = answer(text);
    return stream.end(body);
  }) as ServerHttp2Stream['end'];
}

/** Takes that back; always true. */
export function answerAsStream(stream: ServerHttp2Stream): true {
  const own: Answered = stream;
  delete own.write;
  delete own.end;
  return true;
}

function headersOf(head: string): Record<string, string | number> {
  const [statusLine = '', ...lines] = head.split('\r\n');
  const status = Number(statusLine.split(' ')[1]);
  // RFC 8441 section 5: success is 200, as 101 does not exist in HTTP/2.
  const headers: Record<string, string | number> = { ':status': status === 101 ? 200 : status };
  for (const line of lines) {
    const at = line.indexOf(':');
    const name = line.slice(0, at).toLowerCase();
    if (!NOT_PASSED.has(name)) headers[name] = line.slice(at + 1).trim();
  }
  return headers;
}
