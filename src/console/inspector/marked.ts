import type { Recording } from './observed-connection.ts';
import type { Recorded, Side, WireBatch, WireRecord } from './wire-record.ts';

/** Kept of the bytes of one record. */
const RECORD_BYTES = 16 * 1024;
/** Kept a second, as much again in a burst. */
const BYTES_A_SECOND = 256 * 1024;
/** Records in one message. */
const MAX_BATCH = 500;
/** How long records are gathered. Totals can wait. */
const GATHER_MS: Readonly<Record<Recorded, number>> = { bytes: 30, totals: 500 };

type Parcel =
  | { readonly kind: 'idle' }
  | { readonly kind: 'gathering'; readonly timer: NodeJS.Timeout }
  /** What comes meanwhile goes with the next: messages stay in order. */
  | { readonly kind: 'sending' };

/** What is recorded under one mark in this process: gathers it, within bounds, and publishes it. */
export class Marked {
  readonly what: Recorded;
  readonly #publish: (batch: WireBatch) => Promise<unknown>;
  readonly #cuts = new Set<() => void>();
  #parcel: Parcel = { kind: 'idle' };
  #records: WireRecord[] = [];
  #up = 0;
  #down = 0;
  #allowance = BYTES_A_SECOND;
  #allowedAt = performance.now();

  constructor(what: Recorded, publish: (batch: WireBatch) => Promise<unknown>) {
    this.what = what;
    this.#publish = publish;
  }

  /** @param cut closes the connection that it is on */
  record(exchange: string, connection: string, nth: number, cut: () => void): Recording {
    this.#cuts.add(cut);
    this.#keep({ kind: 'open', exchange, connection, nth, at: now() });
    return {
      bytes: (from, bytes) => {
        if (from === 'client') this.#up += bytes.length;
        else this.#down += bytes.length;
        this.#keepBytes(exchange, from, bytes);
      },
      end: (by) => {
        this.#cuts.delete(cut);
        this.#keep({ kind: 'end', exchange, at: now(), by });
      },
    };
  }

  /** Closes the connections of what is under way. */
  cut(): void {
    for (const cut of [...this.#cuts]) cut();
  }

  #keepBytes(exchange: string, from: Side, bytes: Buffer): void {
    const time = performance.now();
    const more = ((time - this.#allowedAt) / 1000) * BYTES_A_SECOND;
    this.#allowance = Math.min(BYTES_A_SECOND, this.#allowance + more);
    this.#allowedAt = time;
    const kept = bytes.subarray(0, Math.min(RECORD_BYTES, this.#allowance));
    this.#allowance -= kept.length;
    const { length } = bytes;
    this.#keep({ kind: 'bytes', exchange, from, at: now(), length, base64: kept.toString('base64') });
  }

  #keep(record: WireRecord): void {
    if (this.what === 'totals' && record.kind !== 'bytes') return;
    if (this.what === 'bytes' && (record.kind !== 'bytes' || this.#records.length < MAX_BATCH))
      this.#records.push(record);
    if (this.#parcel.kind === 'idle') this.#gather();
  }

  #gather(): void {
    this.#parcel = {
      kind: 'gathering',
      timer: setTimeout(() => void this.#send(), GATHER_MS[this.what]).unref(),
    };
  }

  async #send(): Promise<void> {
    const batch: WireBatch = { records: this.#records, up: this.#up, down: this.#down };
    this.#parcel = { kind: 'sending' };
    this.#records = [];
    this.#up = 0;
    this.#down = 0;
    // A log that is away is the hub's to tell of.
    await this.#publish(batch).catch(() => {});
    this.#parcel = { kind: 'idle' };
    if (this.#records.length > 0 || this.#up + this.#down > 0) this.#gather();
  }
}

/** Comparable between the processes of a computer, and finer than a millisecond. */
function now(): number {
  return performance.timeOrigin + performance.now();
}
