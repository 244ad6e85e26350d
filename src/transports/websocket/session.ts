import type { WebSocket } from 'ws';
import { frameBytes } from '../../hub/budget/limits.ts';
import type { SessionOutlet } from '../../hub/session/session.ts';
import { FanwireError } from '../../protocol/errors.ts';
import { FrameConnection } from '../frame-connection.ts';
import type { Handshake } from '../handshake.ts';
import { acceptWebSocket } from './accept.ts';
import { textFormat } from './format.ts';
import { type SocketOwner, SocketSink } from './socket-sink.ts';

/** The SDK's endpoint over a WebSocket: one frame of the message language a text frame. */
export function serveSocketSession(handshake: Handshake): void {
  const maxBytes = frameBytes(handshake.hub.limits);
  acceptWebSocket(handshake, maxBytes, (webSocket) => new SocketSession(handshake, webSocket));
}

class SocketSession implements SocketOwner, SessionOutlet {
  readonly sink: SocketSink;
  readonly #frames: FrameConnection;

  constructor(handshake: Handshake, webSocket: WebSocket) {
    const { hub, caller } = handshake;
    this.sink = new SocketSink(handshake, webSocket, textFormat, this);
    this.#frames = new FrameConnection(hub, caller, 'websocket', this);
  }

  message(data: Buffer, isBinary: boolean): void {
    if (isBinary) this.fail(new FanwireError('invalid_frame', 'frames of this endpoint are text'));
    else void this.#frames.receive(data).then(() => this.sink.handled(data.length));
  }

  fail(error: unknown): void {
    this.#frames.fail(error);
  }

  drained(): void {
    this.#frames.drained();
  }

  ended(): void {
    this.#frames.ended();
  }

  beat(): void {
    this.sink.ping();
  }

  close(reason: FanwireError | undefined): void {
    this.sink.close(reason);
  }

  abort(): void {
    this.sink.abort();
  }

  bye(): void {
    this.sink.finish();
  }
}
