import type { FanwireHub } from '../../fanwire-hub.ts';
import { periodically } from '../readings.ts';
import { type RowsQuery, rowsChannel } from './reports.ts';
import { rowsOf } from './rows.ts';

const PERIOD_MS = 1000;
/** A page that looks on says so every ten seconds. */
const LEASE_MS = 30_000;
/** Views that a process serves; the one that was asked for longest ago makes room. */
const MAX_LOOKS = 32;
/** After it answered, a process leaves a view alone for so many times as long as the answer took: ten thousand connections take some 25 ms. */
const REST = 20;

interface Look {
  query: RowsQuery;
  /** All times by this process's clock. */
  until: number;
  restsUntil: number;
  /** The last page, as text. */
  told: string | undefined;
  state: 'idle' | 'answering' | 'asked anew';
}

/** What operators look at on this process. It costs nothing while nobody does. */
export class Looks {
  readonly #hub: FanwireHub;
  readonly #looks = new Map<string, Look>();
  #stop: (() => void) | undefined;

  constructor(hub: FanwireHub) {
    this.#hub = hub;
  }

  /** Answers a question, and again whenever the answer changes, until the view is not asked for any more. */
  look(query: RowsQuery): void {
    const now = performance.now();
    const known = this.#looks.get(query.view);
    const same = known && known.query.asked === query.asked;
    const look: Look = known ?? { query, until: 0, restsUntil: 0, told: undefined, state: 'idle' };
    look.until = now + LEASE_MS;
    this.#looks.delete(query.view);
    this.#looks.set(query.view, look);
    if (this.#looks.size > MAX_LOOKS) this.#looks.delete(this.#looks.keys().next().value!);
    this.#stop ??= periodically(PERIOD_MS, () => this.#tick());
    if (same) return;
    Object.assign(look, { query, told: undefined });
    if (look.state === 'idle') void this.#answer(look);
    else look.state = 'asked anew';
  }

  stop(): void {
    this.#stop?.();
    this.#stop = undefined;
    this.#looks.clear();
  }

  #tick(): void {
    const now = performance.now();
    for (const [view, look] of this.#looks) {
      if (look.until < now) this.#looks.delete(view);
      else if (look.state === 'idle' && look.restsUntil <= now) void this.#answer(look);
    }
    if (this.#looks.size === 0) this.stop();
  }

  /** While the log is slow answers are left out. While it is away the hub itself reports it. */
  async #answer(look: Look): Promise<void> {
    const { query } = look;
    const began = performance.now();
    look.state = 'answering';
    try {
      const page = await rowsOf(this.#hub, query);
      const text = JSON.stringify(page);
      if (text !== look.told) await this.#hub.publish(rowsChannel(query.view), page);
      look.told = text;
    } catch {
      look.told = undefined;
    }
    look.restsUntil = began + REST * (performance.now() - began);
    const anew = (look.state as Look['state']) === 'asked anew';
    look.state = 'idle';
    if (anew) {
      look.told = undefined;
      await this.#answer(look);
    }
  }
}
