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
  /** Takes one chunk of its format; `writable` tells afterwards whether it takes more. */
  write(chunk: unknown): void;
}
