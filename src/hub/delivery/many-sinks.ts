import type { NativeWriter } from '../../native/native-writer.ts';
import type { Sink } from './sink.ts';

/** Descriptors that are written to in one call. */
const AT_ONCE = 1024;

/** Sinks that get the same bytes, gathered to be written to in one call. Other bytes are another call. */
export class ManySinks {
  readonly #writer: NativeWriter;
  readonly #descriptors = new Int32Array(AT_ONCE);
  readonly #sinks: Sink[] = [];
  #bytes: Uint8Array | undefined;

  constructor(writer: NativeWriter) {
    this.#writer = writer;
  }

  /** Takes a sink for these bytes, if they can be put to its socket now; `flush` has to follow in the same turn. */
  take(sink: Sink, bytes: Uint8Array): boolean {
    if (this.#bytes !== bytes) this.flush();
    // Asked behind what may have been for the same socket.
    const descriptor = sink.descriptor?.() ?? -1;
    if (descriptor < 0) return false;
    this.#bytes = bytes;
    const length = this.#sinks.push(sink);
    this.#descriptors[length - 1] = descriptor;
    if (length === AT_ONCE) this.flush();
    return true;
  }

  flush(): void {
    const sinks = this.#sinks;
    const bytes = this.#bytes;
    this.#bytes = undefined;
    if (!bytes) return;
    this.#writer.write(this.#descriptors, sinks.length, bytes);
    for (let index = 0; index < sinks.length; index++) sinks[index]!.sent!(bytes, this.#descriptors[index]!);
    sinks.length = 0;
  }
}
