import type { Format } from '../../hub/delivery/format.ts';
import type { Sink } from '../../hub/delivery/sink.ts';
import type { SocketSink } from '../../transports/websocket/socket-sink.ts';
import { textFrameHead, textFrameOf } from '../../wire/websocket-frame.ts';

/** What is larger is not copied into frames of the subscriber's own: a thousand that wait for their sockets share its bytes. */
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

  descriptor(): number {
    return this.#socket.descriptor();
  }

  sent(chunk: Uint8Array, bytes: number): void {
    this.#socket.sent(chunk, bytes);
  }

  bytesOf(chunk: unknown): Buffer | undefined {
    const results = chunk as readonly Buffer[];
    if (results.reduce((sum, { length }) => sum + length, 0) > MAX_COPIED_BYTES) return undefined;
    const frames = results.map((result) => textFrameOf(this.#head, result, TAIL));
    return frames.length === 1 ? frames[0] : Buffer.concat(frames);
  }

  write(chunk: unknown): void {
    const bytes = chunk instanceof Uint8Array ? chunk : this.bytesOf(chunk);
    if (bytes) this.#socket.write(bytes);
    else for (const result of chunk as readonly Buffer[]) this.#next(result);
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
