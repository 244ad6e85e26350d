/** Bytes that crossed the wire for a lane, heads and framing included. */
export interface WireTotals {
  readonly up: number;
  readonly down: number;
}
