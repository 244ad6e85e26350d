import type { Format } from './format.ts';

/**
 * Where a connection's chunks go: a socket, a response, a handler. While `writable` is false nothing may
 * be written; cursors are left where they are and read on from the log once it drains.
 */
export interface Sink {
  readonly format: Format;
  readonly writable: boolean;
  /** Takes one chunk of its format; `writable` tells afterwards whether it takes more. */
  write(chunk: unknown): void;
}
