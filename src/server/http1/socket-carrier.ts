import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { ByteStream, StreamOwner } from '../../transports/byte-stream.ts';
import { descriptorOf } from '../../transports/descriptor.ts';
import type { Head } from '../../transports/exchange.ts';
import type { HeldSockets } from '../held-sockets.ts';
import { NodeCarrier } from '../node-carrier.ts';
import { onceClosed } from '../once-closed.ts';
import type { SoleResponse } from './sole-response.ts';

/** RFC 9112 section 7.1. */
const LAST_CHUNK = Buffer.from('0\r\n\r\n');

/** A request that has its socket to itself: a stream lets go of request and response once its head is out. */
export class SocketCarrier extends NodeCarrier {
  readonly #sockets: HeldSockets;

  constructor(request: IncomingMessage, response: SoleResponse, sockets: HeldSockets) {
    super(request, response);
    this.#sockets = sockets;
  }

  override countFor(address: string): void {
    this.#sockets.hold(this.request.socket, address);
  }

  override stream(head: Head, owner: StreamOwner): ByteStream {
    this.response.writeHead(200, head);
    this.response.flushHeaders();
    const { socket } = this.request;
    this.response.detachSocket(socket);
    return new SocketStream(socket, owner);
  }
}

/** The place on a socket for the owner of its stream, which hears of its drain and its end. */
const OWNER = Symbol('owner');
type Owned = Socket & { [OWNER]: StreamOwner };

class SocketStream implements ByteStream {
  readonly chunked = true;
  readonly #socket: Socket;

  constructor(socket: Socket, owner: StreamOwner) {
    this.#socket = socket;
    (socket as Owned)[OWNER] = owner;
    onceClosed(socket, onClosed);
    // A client that sends no more is gone, as it is for Node's server; what it has sent ahead is not answered.
    socket.allowHalfOpen = false;
    socket.on('drain', onDrain).resume();
  }

  get socketBytes(): number {
    return this.#socket.bytesWritten;
  }

  descriptor(): number {
    return descriptorOf(this.#socket);
  }

  write(bytes: Uint8Array): boolean {
    return this.#socket.write(bytes);
  }

  end(): void {
    this.#socket.write(LAST_CHUNK);
    this.#socket.destroySoon();
  }

  abort(): void {
    this.#socket.destroy();
  }
}

function onDrain(this: Socket): void {
  (this as Owned)[OWNER].drained();
}

function onClosed(socket: object): void {
  (socket as Owned)[OWNER].ended();
}
