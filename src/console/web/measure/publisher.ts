import type { Client } from '../../../client/index.ts';
import { randomId } from '../../../client/random-id.ts';
import { CHANNEL, SPAN_MS } from './lane.ts';

/** A message of the playground: the tab that published it, and the time by that tab's clock. */
export interface Sent {
  readonly by: string;
  readonly sentAt: number;
  readonly text: string;
}

const TEXT = 'the same for everyone';
/** More than a time has. */
const MAX_DIGITS = 20;

/** Publishes to the channel that every lane reads, and keeps the times. */
export class Publisher {
  readonly by = randomId();
  /** Of the last `SPAN_MS`. */
  times: readonly number[] = [];
  readonly #fanwire: Client;
  readonly #onFault: (error: unknown) => void;

  constructor(fanwire: Client, onFault: (error: unknown) => void) {
    this.#fanwire = fanwire;
    this.#onFault = onFault;
  }

  /** @returns when, by this page's clock */
  publish(): number {
    const sentAt = performance.now();
    this.times = [...this.times.filter((time) => sentAt - time < SPAN_MS), sentAt];
    // All are of one length, because the messages that have come are never quite those whose bytes are counted.
    const text = TEXT.padEnd(TEXT.length + MAX_DIGITS - String(sentAt).length);
    const sent: Sent = { by: this.by, sentAt, text };
    this.#fanwire.publish(CHANNEL, sent).catch(this.#onFault);
    return sentAt;
  }
}
