import type { Store } from './store.ts';

/** A channel that holds so much of what the log may hold is the first to lose. */
const HEAVY_SHARE = 1 / 64;
/** Between two looks at every channel, in milliseconds. */
const LOOK_MS = 60_000;

/**
 * Channels that hold much of the log, so that whoever fills it loses of their own. Those that this process writes to are
 * known; those of other processes are looked for now and then.
 */
export class HeavyChannels {
  readonly #minBytes: number;
  readonly #bytes = new Map<string, number>();
  #lookedAt = Number.NEGATIVE_INFINITY;

  constructor(maxBytes: number) {
    this.#minBytes = maxBytes * HEAVY_SHARE;
  }

  note(channel: string, bytes: number): void {
    if (bytes >= this.#minBytes) this.#bytes.set(channel, bytes);
    else this.#bytes.delete(channel);
  }

  /** The one that holds most; undefined when all hold little. */
  heaviest(store: Store, now: number): string | undefined {
    if (this.#bytes.size === 0 && now >= this.#lookedAt + LOOK_MS) {
      this.#lookedAt = now;
      for (const { key, value } of store.channels.getRange({})) this.note(key, value.bytes ?? 0);
    }
    let heaviest: string | undefined;
    let most = 0;
    for (const [channel, bytes] of this.#bytes) {
      if (bytes <= most) continue;
      most = bytes;
      heaviest = channel;
    }
    return heaviest;
  }
}
