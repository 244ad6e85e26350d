import type { Hub } from '../hub/hub.ts';
import type { Caller } from './caller.ts';

/*
 * A session of WebTransport, as far as the hub uses one: the package @fanwire/webtransport has it, and anything else may that
 * keeps to this.
 */

/** The direction of a stream that this end writes. */
export interface SendStream {
  /** Queues bytes. False asks to wait for `ondrain`. @throws Error with too many waiting */
  write(bytes: Uint8Array): boolean;
  ondrain: () => void;
  /** Nothing follows. What is queued is still delivered. */
  end(): void;
  /** Nothing follows, and what is queued is let go. */
  reset(code: number): void;
  /** The other end wants no more. */
  onstop: (code: number) => void;
}

/** The direction of a stream that the other end writes. */
export interface ReceiveStream {
  ondata: (bytes: Uint8Array) => void;
  onend: () => void;
  onreset: (code: number) => void;
  pause(): void;
  resume(): void;
  /** The rest is not wanted. */
  stop(code: number): void;
}

export interface WebTransportSession {
  /** @throws Error once there are as many as may be */
  openUnidirectional(): SendStream;
  /** The other end has opened a stream; `writable` is there if it is one of both directions. */
  onstream: (readable: ReceiveStream, writable?: SendStream) => void;
  /** False where it was not sent, as too many wait already; `ondrain` tells of room. */
  sendDatagram(bytes: Uint8Array): boolean;
  ondrain: () => void;
  ondatagram: (bytes: Uint8Array) => void;
  /** The longest datagram that fits; 0 if the other end takes none. */
  readonly maxDatagramSize: number;
  /** Ends it with all its streams: what they have queued is let go. `onclose` is not called. */
  close(code: number, reason: string): void;
  onclose: (code: number, reason: string) => void;
}

/** A client's request for a session, not answered yet. */
export interface SessionOffer {
  readonly hub: Hub;
  readonly caller: Caller;
  accept(): WebTransportSession;
}
