import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Hub } from '../hub/hub.ts';
import type { Caller } from './caller.ts';

/** A request for a connection of the client's own, not yet answered. */
export interface Handshake {
  readonly hub: Hub;
  readonly caller: Caller;
  /** `ws` reads it. */
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  /** What the socket had sent already. */
  readonly head: Buffer;
}
