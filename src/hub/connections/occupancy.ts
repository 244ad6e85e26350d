import type { Roster } from '../../log/roster.ts';
import type { Due, SecondWheel } from './second-wheel.ts';

export interface OccupancyOptions {
  readonly roster: Roster;
  readonly wheel: SecondWheel;
  readonly leaseMs: number;
  /** Subscribers of each channel on this node. */
  readonly subscribers: () => ReadonlyMap<string, number>;
}

/**
 * Tells the other nodes how many subscribers each channel has here: within a second of a change, and again
 * and again, as what a dead node told is to be forgotten.
 */
export class Occupancy implements Due {
  readonly #options: OccupancyOptions;
  #reported: ReadonlyMap<string, number> = new Map();
  #seconds = 0;

  constructor(options: OccupancyOptions) {
    this.#options = options;
    options.wheel.plan(this, 1);
  }

  due(): void {
    const { wheel, roster, leaseMs, subscribers } = this.#options;
    wheel.plan(this, 1);
    this.#seconds += 1;
    const everything = this.#seconds % Math.floor(leaseMs / 3000) === 0;
    const now = subscribers();
    const news = new Map(
      [...now].filter(([name, count]) => everything || this.#reported.get(name) !== count),
    );
    for (const name of this.#reported.keys()) if (!now.has(name)) news.set(name, 0);
    this.#reported = now;
    // A failure is presence's to report; the next renewal makes it good.
    if (news.size > 0) roster.report(news, leaseMs).catch(() => {});
  }
}
