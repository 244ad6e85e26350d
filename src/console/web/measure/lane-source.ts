import type { Message } from '../../../client/index.ts';
import type { Sent } from './publisher.ts';

/** As every wire has it. What comes by another than the SDK is made the same, so that their content compares. */
export type LaneMessage = Message<Sent | undefined>;

/** What a lane is told by what reads for it. */
export interface LaneListener {
  /** Before each request and each WebSocket. @returns the address with the mark by which the hub counts its bytes */
  requesting(url: string | URL): URL;
  /** From now on messages come. */
  connected(): void;
  /** @param why undefined while nothing is known against the wire */
  disconnected(why: string | undefined): void;
  message(message: LaneMessage): void;
  gap(): void;
}

/** Begins to read the channel of the lanes, and goes on after a cut from where it was. @returns a function that ends it */
export type OpenSource = (lane: LaneListener) => () => void;

/** @param onRefused told if the hub does not let this page read the channel */
export type OnRefused = (error: unknown) => void;
