import type { Pace } from '../pace.ts';
import type { Reception } from '../reception.ts';

/** What a client of the lab reads, and to whom it tells. */
export interface Reading {
  /** Of the middlebox, without a slash at the end. */
  readonly url: string;
  /** Read from its start. */
  readonly channel: string;
  readonly pace: Pace;
  readonly reception: Reception;
  /** Of the hub's certificate, by which a page trusts it for WebTransport: SHA-256. */
  readonly certificateHash?: Uint8Array<ArrayBuffer> | undefined;
  /** Ends it. */
  readonly signal: AbortSignal;
}

/** A row of the matrix: a way to read a channel, as somebody writes it who has no SDK, or the SDK. */
export interface Technique {
  readonly name: string;
  /** What its client is made of, and what it does by itself. */
  readonly how: string;
  read(reading: Reading): void;
}
