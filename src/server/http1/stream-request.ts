import { IncomingMessage, type ServerOptions } from 'node:http';
import type { Socket } from 'node:net';
import { REQUEST_TRANSPORTS } from '../../transports/transports.ts';

const STREAMED: ReadonlySet<string | undefined> = new Set(
  REQUEST_TRANSPORTS.filter(({ streaming }) => streaming).map(({ mediaType }) => mediaType),
);

/** What Node's parser, and after it Node's server, has said of the request. */
const TOLD = Symbol('told');

/** Whose socket is about to be handed over, in this turn. */
let leaving: StreamRequest | undefined;
/** Whether this version of Node hands a socket over that is asked for. */
let handsOver: 'unknown' | 'yes' | 'no' = 'unknown';

/**
 * A request of a server whose requests for streams pass for upgrades: Node then gives the socket away, and lets go of the parser. Both
 * would else be kept as long as the stream, with the request and the response: 6 kB of the 11 kB that an idle stream takes.
 */
export class StreamRequest extends IncomingMessage {
  declare [TOLD]: boolean | null;

  constructor(socket: Socket) {
    super(socket);
    // Node 26 parses what was sent ahead first, and forgets the stream over it.
    if (leaving?.socket === socket) {
      leaving = undefined;
      socket.destroy();
    }
  }

  get upgrade(): boolean | null {
    if (this[TOLD] === false && handsOver !== 'no' && asksForStream(this) && isFirstInLine(this)) {
      this[TOLD] = true;
      leaving = this;
      if (handsOver === 'unknown') setImmediate(lookWhetherItLeft, this);
    }
    return this[TOLD];
  }

  set upgrade(told: boolean | null) {
    // The parser says so before it names the method. What the server says later is final: null is not asked about again.
    this[TOLD] = typeof this.method === 'string' ? told || null : told;
  }
}

/** What a server of the hub's own is made with. With a class of another's, Bun answers no request. */
export const STREAM_REQUESTS: Pick<ServerOptions, 'IncomingMessage'> =
  'bun' in process.versions || 'deno' in process.versions
    ? {}
    : { IncomingMessage: StreamRequest as typeof IncomingMessage };

/** A client that is cut off comes back, and is answered the usual way. */
function lookWhetherItLeft(request: StreamRequest): void {
  if (leaving !== request) return;
  leaving = undefined;
  // The client may have sent something that ended its connection.
  if (request.socket.destroyed) return;
  handsOver = 'no';
  request.socket.destroy();
}

/** Whether Node has handed over the socket of a request that asks for no other protocol. */
export function hasLeft(request: IncomingMessage): boolean {
  if (leaving !== request) return false;
  leaving = undefined;
  handsOver = 'yes';
  return true;
}

/** Whether nothing but a stream can answer a request, and nothing of it is still to come. Node checks for a `Host` only where it keeps the socket. */
export function asksForStream({ method, httpVersion, headers }: IncomingMessage): boolean {
  return (
    method === 'GET' &&
    httpVersion === '1.1' &&
    STREAMED.has(headers.accept) &&
    headers.host !== undefined &&
    headers.upgrade === undefined &&
    headers.expect === undefined &&
    headers['content-length'] === undefined &&
    headers['transfer-encoding'] === undefined
  );
}

/** Answers to requests that were sent before it would come amid the stream. */
function isFirstInLine({ socket }: IncomingMessage & { socket: { _httpMessage?: unknown } }): boolean {
  return !socket._httpMessage;
}
