import type { Runtime, Timer } from '../../protocol/runtime.ts';
import type { GroupCommit } from './group-commit.ts';
import { forgetKeys, hasOldKeys } from './keys.ts';
import { outdated } from './retention.ts';
import { countChannels, readState, type Store } from './store.ts';
import type { Write, WriteOptions } from './write.ts';

const SWEEP_MS = 5_000;
/** Channels looked at in one sweep; the next one goes on behind them. */
const CHANNELS = 1_000;
const KEYS = 1_000;

type SweepOptions = WriteOptions & { readonly clock: () => number; readonly runtime: Runtime };

/**
 * Frees what nobody reads or appends to any more. Readers are not given what is outdated in any case: this
 * is for the disk, and it writes only when there is something to remove.
 */
export class Sweeper {
  readonly #store: Store;
  readonly #options: SweepOptions;
  readonly #commits: GroupCommit<Write>;
  /** Undefined once it is stopped. */
  #timer: Timer | undefined;
  #after: string | undefined;

  constructor(store: Store, options: SweepOptions, commits: GroupCommit<Write>) {
    this.#store = store;
    this.#options = options;
    this.#commits = commits;
    this.#plan(0);
  }

  stop(): void {
    this.#options.runtime.clear(this.#timer);
    this.#timer = undefined;
  }

  async #sweep(): Promise<void> {
    // What fails, on a full disk for example, fails for appends as well, and they tell of it.
    const unfinished = await this.#removeSome().catch(() => false);
    if (!this.#timer) return;
    this.#plan(unfinished ? 0 : SWEEP_MS);
  }

  #plan(ms: number): void {
    this.#timer = this.#options.runtime.setTimeout(() => void this.#sweep(), ms);
    this.#timer.unref();
  }

  /** Tells whether there was more than one transaction should remove. */
  async #removeSome(): Promise<boolean> {
    // A process that was killed while it read would keep the pages it saw from being used again.
    this.#store.root.readerCheck();
    readState(this.#store);
    const now = this.#options.clock();
    const after = this.#after;
    const channels = this.#nextChannels();
    const due = channels.filter((channel) => this.#isDue(channel, now));
    const tooMany = countChannels(this.#store) > this.#options.maxChannels;
    if (due.length === 0 && !tooMany && !hasOldKeys(this.#store, now)) return false;
    const unfinished = await this.#commits.add((write) => {
      for (const channel of due) write.trim(channel);
      if (tooMany) write.forgetEmpty(channels);
      forgetKeys(this.#store, now, KEYS);
      return write.isFull;
    });
    if (unfinished) this.#after = after;
    return unfinished;
  }

  #nextChannels(): string[] {
    const from = this.#after === undefined ? {} : { start: this.#after, exclusiveStart: true };
    const channels = [...this.#store.channels.getKeys({ ...from, limit: CHANNELS })];
    this.#after = channels.length < CHANNELS ? undefined : channels.at(-1);
    return channels;
  }

  #isDue(channel: string, now: number): boolean {
    const state = this.#store.channels.get(channel)!;
    const [first] = outdated(this.#store, channel, state, this.#options.retention(channel), now);
    return first !== undefined;
  }
}
