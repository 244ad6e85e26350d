import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  type ClientSessionOptions,
  connect,
  type IncomingHttpHeaders,
  type SecureClientSessionOptions,
} from 'node:http2';
import type { TestContext } from 'node:test';
import { openResponse, type RequestOptions } from './http.ts';
import { onEnd } from './on-end.ts';
import { rawSocketOf } from './raw-socket.ts';
import { type RawWebSocket, webSocketOver } from './raw-websocket.ts';

/** An answer over HTTP/2, with what readers ask of one over HTTP/1.1. */
export type Http2Response = ClientHttp2Stream & {
  readonly statusCode: number;
  readonly headers: IncomingHttpHeaders;
};

/** How a reader opens its requests. */
export function opener({ http2 }: { readonly http2?: boolean }) {
  if (!http2) return openResponse;
  return async (url: string, options: RequestOptions) =>
    (await openHttp2Response(url, options)) as unknown as IncomingMessage;
}

/** Opens a connection to a hub, or to a server with a certificate of the test's own. */
export function openSession(
  t: TestContext,
  url: string,
  options: ClientSessionOptions | SecureClientSessionOptions = {},
): ClientHttp2Session {
  const session = connect(url, { rejectUnauthorized: false, ...options });
  session.on('error', () => {});
  onEnd(t, () => session.destroy());
  return session;
}

/** Sends a request on a connection of its own, by prior knowledge; resolves once the answer's head is there. */
export async function openHttp2Response(url: string, options: RequestOptions = {}): Promise<Http2Response> {
  const { origin, pathname, search } = new URL(url);
  const session = connect(origin, { rejectUnauthorized: false });
  session.on('error', () => {});
  try {
    const response = await requestOn(session, `${pathname}${search}`, options);
    response.on('close', () => session.destroy());
    return response;
  } catch (error) {
    session.destroy();
    throw error;
  }
}

/** @throws if the stream ends before there is an answer */
export async function requestOn(
  session: ClientHttp2Session,
  path: string,
  { method = 'GET', headers = {}, body }: RequestOptions = {},
): Promise<Http2Response> {
  const endStream = !body;
  const stream = session.request({ ':path': path, ':method': method, ...headers }, { endStream });
  if (body) stream.end(body);
  return answered(stream);
}

async function answered(stream: ClientHttp2Stream): Promise<Http2Response> {
  const ended = once(stream, 'close').then(() => {
    throw new Error('the stream ended without an answer');
  });
  const [headers] = await Promise.race([once(stream, 'response') as Promise<[IncomingHttpHeaders]>, ended]);
  // What breaks later is told by `close`.
  stream.on('error', () => {});
  return Object.assign(stream, { statusCode: Number(headers[':status']), headers });
}

export interface StreamWebSocket {
  readonly status: number;
  readonly response: Http2Response;
  readonly webSocket: RawWebSocket;
}

/** Opens a WebSocket by extended CONNECT (RFC 8441), on a connection of its own unless there is one. */
export async function openStreamWebSocket(
  url: string,
  headers: Readonly<Record<string, string>> = {},
  session?: ClientHttp2Session,
): Promise<StreamWebSocket> {
  const { origin, protocol, host, pathname, search } = new URL(url);
  const own = session ? undefined : connect(origin, { rejectUnauthorized: false });
  own?.on('error', () => {});
  const used = session ?? own!;
  // Until the other end has said that it takes them (RFC 8441 section 3).
  if (!used.remoteSettings?.enableConnectProtocol) {
    const ended = once(used, 'close').then(() => {
      throw new Error('the connection ended');
    });
    await Promise.race([once(used, 'remoteSettings'), ended]);
  }
  const stream = used.request({
    ':method': 'CONNECT',
    ':protocol': 'websocket',
    ':scheme': protocol.slice(0, -1),
    ':authority': host,
    ':path': `${pathname}${search}`,
    'sec-websocket-version': '13',
    ...headers,
  });
  stream.on('close', () => own?.destroy());
  const response = await answered(stream);
  return { status: response.statusCode, response, webSocket: webSocketOver(rawSocketOf(stream), '') };
}
