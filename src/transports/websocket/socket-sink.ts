import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import { hubBusy } from '../../hub/budget/hub-busy.ts';
import type { ReceivedBytes } from '../../hub/budget/received-bytes.ts';
import type { FrameFormat } from '../../hub/delivery/format.ts';
import type { Meter } from '../../hub/meter.ts';
import type { FrameSink } from '../../hub/session/session.ts';
import { CLOSE, closeCodeOf } from '../../protocol/close-codes.ts';
import type { FanwireError } from '../../protocol/errors.ts';
import type { Limits } from '../../protocol/limits.ts';
import { descriptorOf } from '../descriptor.ts';
import type { Handshake } from '../handshake.ts';
import { ReaderWindow, WindowedChunk } from '../shared-window.ts';
import { agreementWith } from './accept.ts';
import { formatFor, type WindowedFormat } from './deflate.ts';
import { listen } from './heard-socket.ts';

/** `WebSocket.OPEN` of `ws`. */
const OPEN = 1;
/** Without payload (RFC 6455 section 5.5.2), the same for all. */
const PING = Buffer.of(0x89, 0);
/** Heartbeats in a row that may go unanswered. */
const MAX_MISSED = 2;

/** What a message that waits takes besides its bytes: its place in a queue and the promise of its turn. */
const PLACE_BYTES = 512;
/** What may stand in a frame's head and in the chunk behind it. A message that is not whole yet counts beyond this. */
const PARTIAL_FREE_BYTES = 64 * 1024;
/** A client's control frame without its payload: two bytes and the mask (RFC 6455 section 5.2). */
const CONTROL_HEAD_BYTES = 6;

/** Who is told of what comes over a WebSocket. */
export interface SocketOwner {
  /** Takes a message; `sink.handled` is told its length once nothing of it is held any more. */
  message(data: Buffer, isBinary: boolean): void;
  /** Something is wrong with what came: the connection is to be ended, with a word about it. */
  fail(error: FanwireError): void;
  drained(): void;
  ended(): void;
}

/**
 * An open WebSocket as a sink. `ws` reads it, and writes what belongs to the protocol; messages are framed once
 * for all subscribers and written to the socket as they are, whole frames between whole frames.
 */
export class SocketSink implements FrameSink {
  readonly format: WindowedFormat;
  /** Where the client shares one. */
  readonly #window: ReaderWindow | undefined;
  readonly #webSocket: WebSocket;
  readonly #socket: Duplex;
  readonly #meter: Meter;
  readonly #owner: SocketOwner;
  readonly #limits: Limits;
  readonly #received: ReceivedBytes;
  readonly #network: string;
  #missed = 0;
  /** Messages that came and are not handled yet. */
  #waiting = 0;
  /** Bytes that are held for them, and for a message that is not whole yet; counted for its address. */
  #held = 0;
  /** Bytes of a message that is not whole yet. */
  #partial = 0;
  /** How many of these are counted for its address. */
  #partialHeld = 0;
  /** What `#partial` was at the last heartbeat. */
  #partialBefore = 0;
  /** Bytes that went to the system past the stream. */
  #pastStream = 0;
  /** Kept here: Node's own getter costs as much as the rest of a delivery's JavaScript. */
  #full = false;

  constructor(
    handshake: Handshake,
    webSocket: WebSocket,
    format: FrameFormat<Buffer, Buffer>,
    owner: SocketOwner,
  ) {
    // Not the handshake itself: its request would be kept in memory with it.
    this.#meter = handshake.hub.meter;
    this.#socket = handshake.socket;
    this.#webSocket = webSocket;
    this.#owner = owner;
    const { limits, compression } = handshake.hub;
    this.#limits = limits;
    this.#received = handshake.hub.received;
    this.#network = handshake.caller.network;
    // Only what the client offered and the handshake's answer took up.
    const agreement = webSocket.extensions === '' ? 'none' : agreementWith(handshake);
    this.format = formatFor(agreement, format, compression?.thresholdBytes ?? 0);
    if (agreement === 'shared') this.#window = new ReaderWindow();
    listen(this, webSocket, this.#socket);
  }

  /** The other end is there. */
  heard(): void {
    this.#missed = 0;
  }

  /** Bytes have come, of whatever. */
  fed(bytes: number): void {
    this.#partial += bytes;
    if (this.#partial - this.#partialHeld <= PARTIAL_FREE_BYTES) return;
    if (this.#take(this.#partial - this.#partialHeld)) this.#partialHeld = this.#partial;
  }

  /** A control frame was among what has come. */
  control(payloadBytes: number): void {
    this.#partial = Math.max(this.#partialHeld, this.#partial - payloadBytes - CONTROL_HEAD_BYTES);
    this.heard();
    this.throttle();
  }

  message(data: Buffer, isBinary: boolean): void {
    this.heard();
    this.#give(this.#partialHeld);
    this.#partial = this.#partialHeld = this.#partialBefore = 0;
    if (!this.#take(data.length + PLACE_BYTES)) return;
    this.#waiting += 1;
    this.#owner.message(data, isBinary);
    this.throttle();
  }

  /** A message of so many bytes is done with. */
  handled(bytes: number): void {
    this.#waiting -= 1;
    this.#give(bytes + PLACE_BYTES);
    this.throttle();
  }

  drained(): void {
    this.#full = false;
    this.throttle();
    this.#owner.drained();
  }

  ended(): void {
    this.#give(this.#held);
    this.#owner.ended();
  }

  get full(): boolean {
    return this.#full;
  }

  get drains(): boolean {
    return true;
  }

  get socketBytes(): number | undefined {
    // A stream of HTTP/2 has no count of its own.
    const bytes = (this.#socket as Partial<Socket>).bytesWritten;
    return bytes === undefined ? undefined : bytes + this.#pastStream;
  }

  get writable(): boolean {
    // Nothing may follow a close frame (RFC 6455 section 5.5.1).
    return !this.#full && this.#webSocket.readyState === OPEN;
  }

  descriptor(): number {
    return descriptorOf(this.#socket);
  }

  sent(chunk: Uint8Array, bytes: number): void {
    this.#meter.bytes += bytes;
    this.#pastStream += bytes;
    if (bytes < chunk.length) this.write(chunk.subarray(bytes));
  }

  bytesOf(chunk: unknown): Buffer {
    const window = this.#window;
    return window && chunk instanceof WindowedChunk ? window.choose(chunk) : (chunk as Buffer);
  }

  write(chunk: unknown): void {
    const bytes = this.bytesOf(chunk);
    this.#meter.bytes += bytes.length;
    this.#full = !this.#socket.write(bytes);
  }

  /** Sends a frame, however full the socket is, unless it is closing. */
  frame(json: string): void {
    if (this.#webSocket.readyState === OPEN) this.write(this.format.frame(json));
  }

  /** Asks for a pong; gives a client up that has not answered for a while. */
  ping(): void {
    this.#missed += 1;
    if (this.#missed > MAX_MISSED || this.#dawdles()) this.abort();
    else if (this.#webSocket.readyState === OPEN) this.#socket.write(PING);
  }

  /** Reads no further while the owner has enough to do, or nobody takes the answers. */
  throttle(): void {
    const { framesInFlight, receivedBytesPerConnection } = this.#limits;
    const enough =
      this.#waiting >= framesInFlight || this.#held - this.#partialHeld >= receivedBytesPerConnection;
    if (enough || this.#socket.writableNeedDrain) this.#webSocket.pause();
    else this.#webSocket.resume();
  }

  /** False where there is no room for them: then the connection has been ended. */
  #take(bytes: number): boolean {
    if (this.#received.take(this.#network, bytes)) {
      this.#held += bytes;
      return true;
    }
    // Once: what `ws` has read already follows.
    if (this.#webSocket.readyState === OPEN) this.#owner.fail(hubBusy(this.#received));
    return false;
  }

  #give(bytes: number): void {
    // After the end everything has been given back already.
    const given = Math.min(bytes, this.#held);
    this.#held -= given;
    if (given > 0) this.#received.give(this.#network, given);
  }

  /** Whether a message has been coming since the heartbeat before, and slower than a body may. */
  #dawdles(): boolean {
    const before = this.#partialBefore;
    this.#partialBefore = this.#partial;
    const grown = this.#partial - before;
    return this.#partialHeld > 0 && before > 0 && grown < this.#limits.bodyBytesPerSecond;
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
