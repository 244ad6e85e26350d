import type { Format } from '../../hub/delivery/format.ts';
import type { Sink } from '../../hub/delivery/sink.ts';
import type { SocketSink } from '../../transports/websocket/socket-sink.ts';
import { textFrameHead, textFrameOf } from '../../wire/websocket-frame.ts';

/** A larger result is not copied into a frame of the subscriber's own: a thousand that wait for their sockets share its bytes. */
const MAX_COPIED_BYTES = 16 * 1024;

const TAIL = Buffer.from('}');

/** A subscription's place on its socket: around each result stands the id that the client gave it. */
export class OperationSink implements Sink {
  readonly format: Format<Buffer, readonly Buffer[]>;
  readonly #socket: SocketSink;
  readonly #head: Buffer;

  constructor(socket: SocketSink, id: string, format: Format<Buffer, readonly Buffer[]>) {
    this.#socket = socket;
    this.format = format;
    this.#head = Buffer.from(`{"id":${JSON.stringify(id)},"type":"next","payload":`);
  }

  get writable(): boolean {
    return this.#socket.writable;
  }

  write(chunk: unknown): void {
    const results = chunk as readonly Buffer[];
    if (results.length === 1) this.#next(results[0]!);
    else for (const result of results) this.#next(result);
  }

  #next(result: Buffer): void {
    const head = this.#head;
    if (result.length <= MAX_COPIED_BYTES) {
      this.#socket.write(textFrameOf(head, result, TAIL));
      return;
    }
    this.#socket.write(Buffer.concat([textFrameHead(head.length + result.length + TAIL.length), head]));
    this.#socket.write(result);
    this.#socket.write(TAIL);
  }
}
