import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { constants, type ServerHttp2Stream } from 'node:http2';
import { Code, ConnectError, type ContextValues } from '@connectrpc/connect';
import type { UniversalHandler, UniversalServerResponse } from '@connectrpc/connect/protocol';
import { endLingering, isStillSent } from '../server/lingering.ts';
import type { NodeCarrier } from '../server/node-carrier.ts';
import type { Headers as GivenHeaders } from '../server/origin.ts';

/**
 * Has Connect answer a call, in whichever of its protocols the call came. What a service has begun to write itself is
 * ended here.
 */
export async function answerCall(
  handler: UniversalHandler,
  carrier: NodeCarrier,
  headers: GivenHeaders,
  body: AsyncIterable<Uint8Array>,
  contextValues: ContextValues,
): Promise<void> {
  const { request, response } = carrier;
  const gone = new AbortController();
  response.once('close', () => gone.abort(new ConnectError('the client has gone', Code.Canceled)));
  const answer = await handler({
    httpVersion: request.httpVersion,
    method: request.method!,
    // Of it only the path and the query are read.
    url: `http://hub${request.url}`,
    header: headersOf(request),
    body,
    signal: gone.signal,
    contextValues,
  });
  if (carrier.abandoned) return;
  if (!carrier.begun) writeHead(carrier, answer, headers);
  for await (const bytes of answer.body ?? []) {
    // Over HTTP/2 a response whose stream is gone takes nothing, and never says so.
    if (carrier.abandoned) return;
    await write(response, bytes);
  }
  if (answer.trailer) response.addTrailers(Object.fromEntries(answer.trailer));
  end(carrier);
}

function headersOf({ headers }: IncomingMessage): Headers {
  const given = new Headers();
  for (const [name, value] of Object.entries(headers)) {
    // Those of HTTP/2 that are part of the request itself begin with a colon.
    if (value === undefined || name.startsWith(':')) continue;
    for (const one of [value].flat()) given.append(name, one);
  }
  return given;
}

function writeHead(
  carrier: NodeCarrier,
  { status, header = new Headers() }: UniversalServerResponse,
  common: GivenHeaders,
): void {
  // A connection whose request is not read to its end can't have another one.
  const closing = isStillSent(carrier.request) ? carrier.connectionHeaders({ Connection: 'close' }) : {};
  const head = { 'Cache-Control': 'no-store', ...common, ...Object.fromEntries(header), ...closing };
  carrier.response.writeHead(status, head);
}

async function write(response: ServerResponse, bytes: Uint8Array): Promise<void> {
  if (response.write(bytes) || response.destroyed) return;
  const taken = new AbortController();
  const { signal } = taken;
  await Promise.race([once(response, 'drain', { signal }), once(response, 'close', { signal })]);
  taken.abort();
}

/** Of a request that goes on, the rest is not wanted. */
function end({ request, response }: NodeCarrier): void {
  const stream = response.stream as ServerHttp2Stream | undefined;
  if (!stream) {
    if (isStillSent(request)) endLingering(response);
    else response.end();
    return;
  }
  // Node writes the trailers a turn after it has asked for them, and a stream that is closed before goes without (RFC 9113 section 8.1).
  stream.once('wantTrailers', () =>
    setImmediate(() => {
      if (!request.complete) stream.close(constants.NGHTTP2_NO_ERROR);
    }),
  );
  response.end();
}
