import { setTimeout as wait } from 'node:timers/promises';
import type { FanwireHub } from '../fanwire-hub.ts';

/** Publishes numbered messages, and knows when each was. */
export class Ledger {
  readonly channel: string;
  readonly #hub: FanwireHub;
  readonly #times: number[] = [];
  readonly #observers = new Set<() => void>();

  constructor(hub: FanwireHub, channel: string) {
    this.#hub = hub;
    this.channel = channel;
  }

  get count(): number {
    return this.#times.length;
  }

  publishedAt(number: number): number {
    return this.#times[number - 1]!;
  }

  async publish(): Promise<number> {
    const number = this.#times.push(performance.now());
    await this.#hub.publish(this.channel, number);
    return number;
  }

  /** Something has arrived. */
  changed(): void {
    for (const observer of [...this.#observers]) observer();
  }

  /** Waits for an arrival that makes the condition hold, for so long at most. */
  async until(condition: () => boolean, withinMs: number): Promise<void> {
    if (condition()) return;
    const limit = new AbortController();
    const met = new Promise<void>((resolve) => {
      const observer = () => condition() && resolve();
      this.#observers.add(observer);
      limit.signal.addEventListener('abort', () => this.#observers.delete(observer));
    });
    await Promise.race([met, wait(withinMs, undefined, { signal: limit.signal }).catch(() => {})]);
    limit.abort();
  }
}
