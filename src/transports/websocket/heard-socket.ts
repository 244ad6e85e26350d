import type { Duplex } from 'node:stream';
import type { RawData, WebSocket } from 'ws';
import { SocketClass } from './server-class.ts';
import type { SocketSink } from './socket-sink.ts';

/** Where a WebSocket and its socket keep the sink that listens to them. */
const SINK = Symbol('sink');

interface Heard {
  [SINK]: SocketSink;
}

// The same functions for all sinks: closures for each would cost an idle connection half a kilobyte.
const LISTENERS: Readonly<Record<string, (this: WebSocket, ...args: never[]) => void>> = {
  message: onMessage,
  ping: onControl,
  pong: onControl,
  // What breaks the protocol: `ws` has answered with the right close code, and `close` follows.
  error: ignore,
  close: onClose,
};

/** Tells its sink of its events as they are: a list of five listeners would cost an idle connection a quarter of a kilobyte. */
export class HeardWebSocket extends SocketClass {
  declare [SINK]?: SocketSink;

  override emit(event: string | symbol, ...args: unknown[]): boolean {
    const listener = this[SINK] && LISTENERS[event as string];
    if (!listener) return super.emit(event, ...args);
    Reflect.apply(listener, this, args);
    return true;
  }
}

/** Lets a sink hear what comes over a WebSocket, and of its socket's drain. */
export function listen(sink: SocketSink, webSocket: WebSocket, socket: Duplex): void {
  Object.assign(webSocket, { [SINK]: sink });
  if (!(webSocket instanceof HeardWebSocket)) {
    // Of Bun's imitation.
    for (const [event, listener] of Object.entries(LISTENERS)) webSocket.on(event, listener as () => void);
  }
  Object.assign(socket, { [SINK]: sink }).on('drain', onDrain);
  // Before `ws` makes messages of what has come.
  socket.prependListener('data', onData);
}

function ignore(): void {}

function onMessage(this: WebSocket, data: RawData, isBinary: boolean): void {
  sinkOf(this).message(data as Buffer, isBinary);
}

function onData(this: Duplex, chunk: Buffer): void {
  sinkOf(this).fed(chunk.length);
}

function onControl(this: WebSocket, payload: Buffer): void {
  sinkOf(this).control(payload.length);
}

function onClose(this: WebSocket): void {
  sinkOf(this).ended();
}

function onDrain(this: Duplex): void {
  sinkOf(this).drained();
}

function sinkOf(emitter: WebSocket | Duplex): SocketSink {
  return (emitter as unknown as Heard)[SINK];
}
