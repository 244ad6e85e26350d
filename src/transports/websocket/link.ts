import type { Duplex } from 'node:stream';
import { type RawData, type ServerOptions, type WebSocket, WebSocketServer } from 'ws';
import { answeredSubprotocol } from '../../hub/authorisation/credentials.ts';
import type { FrameFormat } from '../../hub/format.ts';
import type { Meter } from '../../hub/meter.ts';
import type { FrameSink } from '../../hub/session/session.ts';
import { CLOSE, closeCodeOf } from '../../protocol/close-codes.ts';
import type { FanwireError } from '../../protocol/errors.ts';
import type { Handshake } from '../exchange.ts';

/** How long the other end may take to answer a close frame. */
export const CLOSE_MS = 2_000;
/** `WebSocket.OPEN` of `ws`. */
const OPEN = 1;
/** Heartbeats in a row that may go unanswered. */
const MISSED_MOST = 2;

/** Who is told of what comes over a link. */
export interface LinkOwner {
  /** Messages that came and are not handled yet. */
  readonly waiting: number;
  message(data: Buffer, isBinary: boolean): void;
  drained(): void;
  ended(): void;
}

/**
 * An open WebSocket. `ws` reads it, and writes what belongs to the protocol; messages are framed once
 * for all subscribers and written to the socket as they are, whole frames between whole frames.
 */
export class WebSocketLink implements FrameSink {
  readonly format: FrameFormat<Buffer, Buffer>;
  readonly #webSocket: WebSocket;
  readonly #socket: Duplex;
  readonly #meter: Meter;
  readonly #owner: LinkOwner;
  readonly #waitingMost: number;
  #missed = 0;
  /** Kept here: Node's own getter costs as much as the rest of a delivery's JavaScript. */
  #full = false;

  constructor(
    handshake: Handshake,
    webSocket: WebSocket,
    format: FrameFormat<Buffer, Buffer>,
    owner: LinkOwner,
  ) {
    // Not the handshake itself: its request would be kept in memory with it.
    this.#meter = handshake.hub.meter;
    this.#socket = handshake.socket;
    this.#webSocket = webSocket;
    this.#owner = owner;
    this.#waitingMost = handshake.hub.limits.framesInFlight;
    this.format = format;
    webSocket.on('message', (data: RawData, isBinary) => {
      this.#missed = 0;
      owner.message(data as Buffer, isBinary);
      this.throttle();
    });
    webSocket.on('ping', () => this.throttle());
    webSocket.on('pong', () => {
      this.#missed = 0;
    });
    // What breaks the protocol: `ws` has answered with the right close code, and `close` follows.
    webSocket.on('error', () => {});
    webSocket.on('close', () => owner.ended());
    this.#socket.on('drain', () => {
      this.#full = false;
      this.throttle();
      owner.drained();
    });
  }

  get writable(): boolean {
    // Nothing may follow a close frame (RFC 6455 section 5.5.1).
    return !this.#full && this.#webSocket.readyState === OPEN;
  }

  write(chunk: unknown): void {
    this.#meter.bytes += (chunk as Buffer).length;
    this.#full = !this.#socket.write(chunk as Buffer);
  }

  /** Sends a frame, however full the socket is, unless it is closing. */
  frame(json: string): void {
    if (this.#webSocket.readyState === OPEN) this.write(this.format.frame(json));
  }

  /** Asks for a pong; gives a client up that has not answered for a while. */
  ping(): void {
    this.#missed += 1;
    if (this.#missed > MISSED_MOST) this.abort();
    else this.#webSocket.ping();
  }

  /** Reads no further while the owner has enough to do, or nobody takes the answers. */
  throttle(): void {
    if (this.#owner.waiting >= this.#waitingMost || this.#socket.writableNeedDrain) this.#webSocket.pause();
    else this.#webSocket.resume();
  }

  /** Without a reason the node goes away: the client comes back with its position. */
  close(reason: FanwireError | undefined): void {
    if (reason) this.#webSocket.close(closeCodeOf(reason.code), reason.code);
    else this.#webSocket.close(CLOSE.restart, 'draining');
  }

  abort(): void {
    this.#webSocket.terminate();
  }

  finish(): void {
    this.#webSocket.close(CLOSE.normal);
  }
}

const servers = new Map<number, WebSocketServer>();

/** Answers the handshake. A message above `maxBytes`, whole or in fragments, is refused with 1009. */
export function acceptWebSocket(
  handshake: Handshake,
  maxBytes: number,
  accepted: (webSocket: WebSocket) => void,
): void {
  const { request, socket, head } = handshake;
  serverFor(maxBytes).handleUpgrade(request, socket, head, accepted);
}

function serverFor(maxPayload: number): WebSocketServer {
  let server = servers.get(maxPayload);
  if (!server) {
    // The types do not know `closeTimeout` yet (ws 8.19).
    const options: ServerOptions & { closeTimeout: number } = {
      noServer: true,
      clientTracking: false,
      perMessageDeflate: false,
      closeTimeout: CLOSE_MS,
      maxPayload,
      handleProtocols: (_, request) => answeredSubprotocol(request) ?? false,
    };
    server = new WebSocketServer(options);
    servers.set(maxPayload, server);
  }
  return server;
}
