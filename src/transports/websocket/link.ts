import type { Duplex } from 'node:stream';
import type { RawData, WebSocket } from 'ws';
import type { FrameFormat } from '../../hub/format.ts';
import type { Meter } from '../../hub/meter.ts';
import type { FrameSink } from '../../hub/session/session.ts';
import { CLOSE, closeCodeOf } from '../../protocol/close-codes.ts';
import type { FanwireError } from '../../protocol/errors.ts';
import type { Handshake } from '../exchange.ts';
import { deflated } from './deflate.ts';

/** `WebSocket.OPEN` of `ws`. */
const OPEN = 1;
/** Without payload (RFC 6455 section 5.5.2), the same for all. */
const PING = Buffer.of(0x89, 0);
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
    const { limits, deflateFromBytes } = handshake.hub;
    this.#waitingMost = limits.framesInFlight;
    // Only what the client offered and the handshake's answer took up.
    const agreed = deflateFromBytes !== undefined && webSocket.extensions !== '';
    this.format = agreed ? deflated(format, deflateFromBytes) : format;
    listen(this, webSocket, this.#socket);
  }

  /** The other end is there. */
  heard(): void {
    this.#missed = 0;
  }

  message(data: Buffer, isBinary: boolean): void {
    this.heard();
    this.#owner.message(data, isBinary);
    this.throttle();
  }

  drained(): void {
    this.#full = false;
    this.throttle();
    this.#owner.drained();
  }

  ended(): void {
    this.#owner.ended();
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
    else if (this.#webSocket.readyState === OPEN) this.#socket.write(PING);
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

/** Where a WebSocket and its socket keep the link that listens to them. */
const LINK = Symbol('link');

interface Linked {
  [LINK]: WebSocketLink;
}

// The same functions for all links: closures for each would cost an idle connection half a kilobyte.
function listen(link: WebSocketLink, webSocket: WebSocket, socket: Duplex): void {
  const heard = Object.assign(webSocket, { [LINK]: link });
  heard.on('message', onMessage);
  heard.on('ping', onPing);
  heard.on('pong', onPong);
  // What breaks the protocol: `ws` has answered with the right close code, and `close` follows.
  heard.on('error', ignore);
  heard.on('close', onClose);
  Object.assign(socket, { [LINK]: link }).on('drain', onDrain);
}

function ignore(): void {}

function onMessage(this: WebSocket, data: RawData, isBinary: boolean): void {
  linkOf(this).message(data as Buffer, isBinary);
}

function onPing(this: WebSocket): void {
  linkOf(this).throttle();
}

function onPong(this: WebSocket): void {
  linkOf(this).heard();
}

function onClose(this: WebSocket): void {
  linkOf(this).ended();
}

function onDrain(this: Duplex): void {
  linkOf(this).drained();
}

function linkOf(emitter: WebSocket | Duplex): WebSocketLink {
  return (emitter as unknown as Linked)[LINK];
}
