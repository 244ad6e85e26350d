import { FanwireError } from '../../protocol/errors.ts';
import type { ByteStream, StreamOwner } from '../../transports/byte-stream.ts';

/** What may wait for a reader, in bytes, beside the chunk that goes beyond it: as much as a socket's buffer takes. */
const HIGH_WATER_BYTES = 64 * 1024;

/** How it ended: from this side, or because nobody reads any more. */
export type StreamEnd = 'answered' | 'abandoned';

/** The body of a `Response` that does not end. */
export class FetchStream implements ByteStream {
  readonly chunked = false;
  readonly readable: ReadableStream<Uint8Array>;
  readonly #owner: StreamOwner;
  readonly #ended: (how: StreamEnd) => void;
  #controller!: ReadableStreamDefaultController<Uint8Array>;
  #state: 'open' | 'full' | 'ended' = 'open';

  /** @param ended is told once, whichever side ended it */
  constructor(owner: StreamOwner, ended: (how: StreamEnd) => void) {
    this.#owner = owner;
    this.#ended = ended;
    // Not a stream of bytes: that takes the memory of each chunk for itself, and a chunk is for all readers.
    this.readable = new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          this.#controller = controller;
        },
        pull: () => this.#pulled(),
        cancel: () => this.#end('abandoned'),
      },
      new ByteLengthQueuingStrategy({ highWaterMark: HIGH_WATER_BYTES }),
    );
  }

  write(bytes: Uint8Array): boolean {
    if (this.#state === 'ended') return false;
    this.#controller.enqueue(bytes);
    if (this.#controller.desiredSize! > 0) return true;
    this.#state = 'full';
    return false;
  }

  end(how: StreamEnd = 'answered'): void {
    if (this.#state !== 'ended') this.#controller.close();
    this.#end(how);
  }

  abort(): void {
    const reason = new FanwireError('connection_lost', 'nothing of this stream was read for too long');
    if (this.#state !== 'ended') this.#controller.error(reason);
    this.#end('abandoned');
  }

  /** Also called where it was never full: whenever there is room, and something has been written or read. */
  #pulled(): void {
    if (this.#state !== 'full') return;
    this.#state = 'open';
    this.#owner.drained();
  }

  #end(how: StreamEnd): void {
    if (this.#state === 'ended') return;
    this.#state = 'ended';
    this.#ended(how);
  }
}
