import type { WireBatch, WireRecord } from '../../../inspector/wire-record.ts';
import { Dissection } from './dissect/dissection.ts';
import type { Purpose, Step } from './dissect/steps.ts';
import { NO_SUM, type Sum, sumWith } from './sum.ts';

/** At most so many steps are kept: the oldest give way. */
const MAX_STEPS = 500;

/** The steps at one moment. A snapshot never changes. */
export interface WireSnapshot {
  readonly steps: readonly Step[];
  readonly sums: ReadonlyMap<Purpose, Sum>;
  /** Requests that are parked, or whose answers go on. */
  readonly underWay: readonly UnderWay[];
  /** The number of all steps so far, also of those that were dropped. */
  readonly made: number;
}

export interface UnderWay {
  readonly exchange: number;
  readonly purpose: Purpose;
  readonly state: 'asked' | 'answering';
  /** When this page heard of the exchange, by its own clock, because the hub's may differ. */
  readonly heardAt: number;
}

/** Takes recordings apart as they come, and keeps the steps. */
export class WireStore {
  readonly #exchanges = new Map<string, { readonly dissection: Dissection; readonly heardAt: number }>();
  readonly #connections = new Map<string, number>();
  #count = 0;
  #made = 0;
  #steps: Step[] = [];
  #sums = new Map<Purpose, Sum>();

  take(batch: WireBatch): void {
    // A new array, because a snapshot keeps the one before.
    this.#steps = [...this.#steps];
    for (const record of batch.records) this.#takeRecord(record);
    // Sorted, because several processes of a hub may record one page, and each publishes when it is ready.
    this.#steps = this.#steps.sort((one, other) => one.at - other.at).slice(-MAX_STEPS);
  }

  /** Drops the steps so far. Exchanges under way go on. */
  clear(): void {
    this.#steps = [];
    this.#sums = new Map();
  }

  /** Drops the exchanges under way, because a hub that has restarted will not tell of their end. */
  abandon(): void {
    this.#exchanges.clear();
  }

  snapshot(): WireSnapshot {
    const underWay = [...this.#exchanges.values()].map(({ dissection, heardAt }) => {
      const { state, exchange, purpose } = dissection;
      return { state, exchange, purpose, heardAt };
    });
    return { steps: this.#steps, sums: new Map(this.#sums), underWay, made: this.#made };
  }

  #takeRecord(record: WireRecord): void {
    if (record.kind === 'open') {
      const { exchange, connection } = record;
      const known = this.#connections.get(connection) ?? this.#connections.size + 1;
      this.#connections.set(connection, known);
      const dissection = new Dissection(record, ++this.#count, known, (step) => this.#addStep(step));
      this.#exchanges.set(exchange, { dissection, heardAt: performance.now() });
      return;
    }
    const dissection = this.#exchanges.get(record.exchange)?.dissection;
    if (record.kind === 'bytes') {
      dissection?.add(record);
      return;
    }
    dissection?.end(record);
    this.#exchanges.delete(record.exchange);
  }

  #addStep(step: Step): void {
    this.#made += 1;
    this.#steps.push(step);
    this.#sums.set(step.purpose, sumWith(this.#sums.get(step.purpose) ?? NO_SUM, step));
  }
}
