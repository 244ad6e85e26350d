import type { ExchangeRecorder } from './observed-connection.ts';
import type { Recorded, Side, WireBatch, WireRecord } from './wire-record.ts';

/** At most so many bytes of a record are kept. */
const RECORD_BYTES = 16 * 1024;
/** At most so many bytes are kept a second, and as many again in a burst. */
const BYTES_A_SECOND = 256 * 1024;
/** At most so many records are in one message. */
const MAX_BATCH = 500;
/** Records are gathered for so long. Totals may wait longer. */
const GATHER_MS: Readonly<Record<Recorded, number>> = { bytes: 30, totals: 500 };

type Parcel =
  | { readonly kind: 'idle' }
  | { readonly kind: 'gathering'; readonly timer: NodeJS.Timeout }
  /** Records that come meanwhile go with the next message, so that messages stay in order. */
  | { readonly kind: 'sending' };

/** What a page may have done to the connection of an exchange of its own. */
export interface Carrier {
  readonly cut: () => void;
  /** Sends a ping. The connection has to be a WebSocket. */
  readonly ping: () => void;
}

const SWITCHED = Buffer.from('HTTP/1.1 101 ');

/** Gathers the records of one mark in this process, within bounds, and publishes them. */
export class Marked {
  readonly what: Recorded;
  readonly #publish: (batch: WireBatch) => Promise<unknown>;
  /** Of the exchanges under way. */
  readonly #carriers = new Set<Carrier>();
  /** Those of them that have become WebSockets. */
  readonly #webSockets = new Set<Carrier>();
  #parcel: Parcel = { kind: 'idle' };
  #records: WireRecord[] = [];
  #up = 0;
  #down = 0;
  #writes: number[] = [];
  #answered = { count: 0, bytes: 0 };
  #allowance = BYTES_A_SECOND;
  #allowedAt = performance.now();

  constructor(what: Recorded, publish: (batch: WireBatch) => Promise<unknown>) {
    this.what = what;
    this.#publish = publish;
  }

  record(exchange: string, connection: string, nth: number, carrier: Carrier): ExchangeRecorder {
    this.#carriers.add(carrier);
    this.#keep({ kind: 'open', exchange, connection, nth, at: now() });
    let length = 0;
    return {
      bytes: (from, bytes, isHead) => {
        length += bytes.length;
        if (isHead && bytes.indexOf(SWITCHED) === 0) this.#webSockets.add(carrier);
        if (from === 'client') this.#up += bytes.length;
        else {
          this.#down += bytes.length;
          if (this.what === 'totals' && !isHead && this.#writes.length < MAX_BATCH)
            this.#writes.push(bytes.length);
        }
        this.#keepBytes(exchange, from, bytes);
      },
      end: (by) => {
        this.#carriers.delete(carrier);
        this.#webSockets.delete(carrier);
        if (by === 'answered') {
          const { count, bytes } = this.#answered;
          this.#answered = { count: count + 1, bytes: bytes + length };
        }
        this.#keep({ kind: 'end', exchange, at: now(), by });
      },
    };
  }

  /** Closes the connections of all exchanges under way. */
  cut(): void {
    for (const carrier of [...this.#carriers]) carrier.cut();
  }

  /** Asks for a pong over all WebSockets under way. */
  ping(): void {
    for (const carrier of this.#webSockets) carrier.ping();
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
    if (this.what === 'totals' && record.kind === 'open') return;
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
    const batch: WireBatch = {
      records: this.#records,
      up: this.#up,
      down: this.#down,
      writes: this.#writes,
      answered: this.#answered,
    };
    this.#parcel = { kind: 'sending' };
    this.#records = [];
    this.#up = 0;
    this.#down = 0;
    this.#writes = [];
    this.#answered = { count: 0, bytes: 0 };
    // While the log is away the hub itself reports it.
    await this.#publish(batch).catch(() => {});
    this.#parcel = { kind: 'idle' };
    if (this.#records.length > 0 || this.#up + this.#down > 0) this.#gather();
  }
}

/** Comparable between the processes of a computer, and finer than a millisecond. */
function now(): number {
  return performance.timeOrigin + performance.now();
}
