import type { ByteStream, StreamOwner } from '../byte-stream.ts';
import type { SendStream } from '../session-offer.ts';

/** A stream of a session as bytes on their way to one reader. */
export class SendBytes implements ByteStream {
  readonly chunked = false;
  readonly #stream: SendStream;
  readonly #overflow: () => void;

  /** @param overflow ends what the stream belongs to: its reader takes nothing, and there is no room for what has to be said */
  constructor(stream: SendStream, owner: StreamOwner, overflow: () => void) {
    this.#stream = stream;
    this.#overflow = overflow;
    stream.ondrain = () => owner.drained();
    stream.onstop = () => owner.ended();
  }

  write(bytes: Uint8Array): boolean {
    try {
      return this.#stream.write(bytes);
    } catch {
      this.#overflow();
      return false;
    }
  }

  end(): void {
    this.#stream.end();
  }

  abort(): void {
    this.#stream.reset(0);
  }
}
