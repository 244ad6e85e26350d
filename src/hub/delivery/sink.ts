import type { Format } from './format.ts';

/**
 * Where a connection's chunks go: a socket, a response, a handler. While `writable` is false nothing may
 * be written; cursors are left where they are and read on from the log once it drains.
 */
export interface Sink {
  readonly format: Format;
  readonly writable: boolean;
  /** Bytes that were written to the socket below since it was opened, where it is one client's alone. */
  readonly socketBytes?: number | undefined;
  /**
   * The file descriptor of its socket, if what is written now may go to the system past its stream; else a negative number. It
   * is good for this turn of the event loop.
   */
  descriptor?(): number;
  /** So many bytes of a chunk have gone to the system; the sink writes the rest. */
  sent?(chunk: Uint8Array, bytes: number): void;
  /** Of a chunk that is other bytes for each reader its own, which are to be written next; undefined for what it writes in parts. */
  bytesOf?(chunk: unknown): Uint8Array | undefined;
  /** Takes one chunk of its format, or its own bytes of it; `writable` tells afterwards whether it takes more. */
  write(chunk: unknown): void;
}
