/** Where a mark's recordings are published. */
export const WIRE_CHANNEL = 'console:wire:';

/** The URL parameter by which a request asks to be recorded. */
export const MARK_PARAMETER = 'inspect';

/** The channel that the inspector's page reads and publishes to. */
export const INSPECTED_CHANNEL = 'demo:inspector';

/** Random, so that it can't be guessed: 128 bits as base64url. */
export const MARK = /^[\w-]{22}$/;

/** How long a mark is heeded after it was last asked for. */
export const MARK_MS = 60_000;

/** The hub's answer to a page that asks it to heed a mark: false when it had forgotten it, in a restart for example. */
export interface Heeded {
  readonly heeded: boolean;
}

/** `bytes`: everything that crosses the wire for requests that read or publish without the SDK. `totals`: only how much, for any request. */
export type Recorded = 'bytes' | 'totals';

export type Side = 'client' | 'server';

/** What happened to an exchange: a request with its answer, or a WebSocket from its handshake to its end. */
export type WireRecord = WireOpening | WireBytes | WireEnd;

export interface WireOpening {
  readonly kind: 'open';
  readonly exchange: string;
  /** Tells TCP connections apart. */
  readonly connection: string;
  /** Which request of its TCP connection it is, counted from 1 since the connection is watched. */
  readonly nth: number;
  /** Unix milliseconds, with fractions. */
  readonly at: number;
}

/** Bytes as they were read from the socket, or handed to the system to be sent. */
export interface WireBytes {
  readonly kind: 'bytes';
  readonly exchange: string;
  readonly from: Side;
  readonly at: number;
  /** How many there were; fewer are kept when there were too many at once. */
  readonly length: number;
  /** The first of them. Tokens in heads are overwritten with asterisks. */
  readonly base64: string;
}

export interface WireEnd {
  readonly kind: 'end';
  readonly exchange: string;
  readonly at: number;
  /** `answered`: the connection goes on and can serve another request. Else who closed it. */
  readonly by: 'answered' | Side;
}

/** A message of a mark's channel. */
export interface WireBatch {
  readonly records: readonly WireRecord[];
  /** Bytes since the message before, those that were not kept included. */
  readonly up: number;
  readonly down: number;
  /** For totals alone: the lengths of what the hub wrote behind a head, a message or several each, or none. */
  readonly writes: readonly number[];
  /** Exchanges that were answered whole, and all bytes of those, both ways. */
  readonly answered: { readonly count: number; readonly bytes: number };
}
