import type { Item, WireMessage } from '../../test/support/readers/reader.ts';
import { positionOf } from '../../test/support/readers/reader.ts';
import type { CalmClock } from './calm.ts';
import type { Channel } from './channels.ts';
import type { InvariantNumber, Violation } from './invariants.ts';
import { PositionOrder } from './position-order.ts';

/** What a message says: whose it is, and the how-manieth of theirs. */
export interface Said {
  readonly who: string;
  readonly n: number;
}

export interface Publish extends Said {
  readonly channel: Channel;
  /** Calm at the time when it was begun. */
  readonly begun: number;
  outcome:
    | { readonly kind: 'pending' }
    | { readonly kind: 'acknowledged'; readonly id: string; readonly calm: number }
    | { readonly kind: 'refused' };
}

export interface Reading {
  readonly who: string;
  readonly channels: readonly Channel[];
  /** The position that it begins after. */
  readonly after: string;
}

export interface ReaderRecord {
  readonly who: string;
  readonly channels: readonly Channel[];
  /** Whether all channels come in one order, and not each in its own. */
  readonly oneOrder: boolean;
  readonly items: readonly Item[];
  take(item: Item): void;
  /** 10: nor may who reads. Of it nothing more is asked then. */
  refuse(why: unknown): void;
  readonly refused: boolean;
  /** Whether its transport can notice only at the end of a parked request that nobody answers it. */
  readonly patient: boolean;
  /** Whether it has been told that it does not catch up. */
  stuck: boolean;
  /** Whether it has got, or been told the loss of, everything up to these positions of channels. */
  has(newest: ReadonlyMap<Channel, string>): boolean;
}

/** Nobody rests for longer. */
const REST_MS = 60_000;

/** What clients saw and did, and what was wrong at first sight. */
export class Journal {
  readonly calm: CalmClock;
  readonly order = new PositionOrder();
  readonly publishes: Publish[] = [];
  readonly readers: ReaderRecord[] = [];
  readonly violations: Violation[] = [];
  /** Whether it is all over: who is closed now is not refused. */
  closed = false;
  /** Attempts to publish that have come to an end of any kind. */
  attempts = 0;
  /** Those of them that were refused or not answered. */
  refusals = 0;
  #resting = false;
  readonly #newest = new Map<Channel, string>();
  readonly #observers = new Set<() => void>();

  constructor(calm: CalmClock) {
    this.calm = calm;
  }

  /** Nothing new is published while it is looked whether everything recovers: a busy machine would never be done. */
  async rest<T>(during: () => Promise<T>): Promise<T> {
    this.#resting = true;
    try {
      return await during();
    } finally {
      this.#resting = false;
      this.#changed();
    }
  }

  async rested(): Promise<void> {
    while (this.#resting) await this.until(() => !this.#resting, REST_MS);
  }

  begin(said: Said, channel: Channel): Publish {
    const publish: Publish = { ...said, channel, begun: this.calm.ms, outcome: { kind: 'pending' } };
    this.publishes.push(publish);
    return publish;
  }

  acknowledge(publish: Publish, id: string): void {
    publish.outcome = { kind: 'acknowledged', id, calm: this.calm.ms };
    this.#newest.set(publish.channel, this.order.later(this.#newest.get(publish.channel), id));
    this.attempted(true);
  }

  /** 10: nobody who publishes here may be refused for good. */
  refuse(publish: Publish, why: unknown): void {
    publish.outcome = { kind: 'refused' };
    this.violate(10, `${publish.who}: ${publish.n} on ${publish.channel} was refused: ${why}`);
  }

  /** A raw attempt has ended, or a publish of the SDK, which does not show its attempts. */
  attempted(succeeded: boolean): void {
    this.attempts++;
    if (!succeeded) this.refusals++;
    this.#changed();
  }

  /** The newest acknowledged message of each channel. */
  newest(): ReadonlyMap<Channel, string> {
    return new Map(this.#newest);
  }

  addReader(
    { who, channels, after }: Reading,
    { oneOrder, patient = false }: { oneOrder: boolean; patient?: boolean },
  ): ReaderRecord {
    const items: Item[] = [];
    const reached = new Map<string, string>(channels.map((channel) => [channel, after]));
    let refused = false;
    const record: ReaderRecord = {
      who,
      channels,
      oneOrder,
      items,
      patient,
      stuck: false,
      take: (item) => {
        items.push(item);
        const { channel } = item.kind === 'gap' ? item.gap : item.message;
        reached.set(channel, this.order.later(reached.get(channel), positionOf(item)));
        this.#changed();
      },
      refuse: (why) => {
        refused = true;
        this.violate(10, `${who} (${channels}) was refused: ${why}`);
      },
      get refused() {
        return refused;
      },
      has: (newest) =>
        refused ||
        record.stuck ||
        channels.every((channel) => {
          const goal = newest.get(channel);
          return goal === undefined || this.order.compare(reached.get(channel)!, goal) >= 0;
        }),
    };
    this.readers.push(record);
    return record;
  }

  violate(invariant: InvariantNumber, what: string): void {
    this.violations.push({ invariant, what });
    this.#changed();
  }

  /** Resolves with true once it holds, with false if that takes longer than so much real time. */
  until(holds: () => boolean, maxMs: number): Promise<boolean> {
    return new Promise((resolve) => {
      const settle = (answer: boolean): void => {
        clearTimeout(timer);
        this.#observers.delete(look);
        resolve(answer);
      };
      const look = () => holds() && settle(true);
      const timer = setTimeout(() => settle(false), maxMs);
      this.#observers.add(look);
      look();
    });
  }

  #changed(): void {
    for (const observer of [...this.#observers]) observer();
  }
}

/** What a message of a run says. */
export function saidIn({ data }: Pick<WireMessage, 'data'>): Said {
  return data as Said;
}
