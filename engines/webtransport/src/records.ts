// What passes between the main thread and the engine: a batch a tick, of records. A record is what happened or is to
// be done, whose it is, a number, and bytes; the numbers are those of `engine/host.go`. The thread between the two
// passes batches on without reading them.

/** What the main thread asks for. The comment says whose `id` it is, what the number says, and what the bytes are. */
export const DO = {
  /** Once, and first: JSON. */
  configure: 1,
  /** JSON. */
  certificate: 2,
  /** Session, HTTP status. */
  answer: 3,
  /** Session, the stream that is to be. */
  openUnidirectional: 4,
  /** Session, the stream that is to be. */
  openBidirectional: 5,
  /** Stream; bytes. */
  write: 6,
  /** Stream. */
  finish: 7,
  /** Stream, code. */
  reset: 8,
  /** Stream, code. */
  stop: 9,
  /** Stream, bytes more that may come. */
  credit: 10,
  /** Session; the datagram. */
  datagram: 11,
  /** Session, datagrams more that may come. */
  datagramCredit: 12,
  /** Session, code; reason. */
  close: 13,
  shutDown: 14,
  /** The question. */
  count: 15,
  /** The session that is to be; JSON. */
  dial: 16,
} as const;

/** What the engine tells. */
export const TOLD = {
  ready: 1,
  /** Session; JSON. */
  requested: 2,
  /** The dialled session, the longest datagram. */
  opened: 3,
  /** The dialled session, HTTP status or 0; why. */
  refused: 4,
  /** Session, code; reason. */
  closed: 5,
  /** Session; why. */
  lost: 6,
  /** Session, stream. */
  unidirectional: 7,
  /** Session, stream. */
  bidirectional: 8,
  /** Stream; bytes. */
  data: 9,
  /** Stream: the peer has written all. */
  ended: 10,
  /** Stream, code: the peer writes no more. */
  reset: 11,
  /** Stream, code: the peer reads no more. */
  stopped: 12,
  /** Stream, bytes that are on their way. */
  written: 13,
  /** Stream: nothing more of it will be written, and the engine has forgotten it. */
  sent: 14,
  /** Session; the datagram. */
  datagram: 15,
  /** Session, how many are on their way. */
  datagramsSent: 16,
  shutDown: 17,
  /** The question; JSON. */
  counted: 18,
  /** Why. */
  fault: 19,
  /** Session: its connection has ended too. */
  gone: 20,
} as const;

const HEAD_BYTES = 13;
const FIRST_BYTES = 8 * 1024;
const NOTHING = new Uint8Array(0);

/** Collects the records of a tick in one piece of memory, which then goes to the other thread without being copied. */
export class RecordWriter {
  #bytes = NOTHING;
  #view = new DataView(NOTHING.buffer);
  #length = 0;

  get isEmpty(): boolean {
    return this.#length === 0;
  }

  /** Copies `body`, which may be used again at once. */
  add(operation: number, id: number, number: number, body: Uint8Array = NOTHING): void {
    const start = this.#length;
    this.#reserve(HEAD_BYTES + body.length);
    this.#bytes[start] = operation;
    this.#view.setUint32(start + 1, id, true);
    this.#view.setUint32(start + 5, number, true);
    this.#view.setUint32(start + 9, body.length, true);
    this.#bytes.set(body, start + HEAD_BYTES);
  }

  /** The batch, alone in its memory. */
  take(): Uint8Array<ArrayBuffer> {
    const batch = this.#bytes.subarray(0, this.#length);
    this.#bytes = NOTHING;
    this.#length = 0;
    return batch;
  }

  #reserve(bytes: number): void {
    const needed = this.#length + bytes;
    if (needed > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(needed, FIRST_BYTES, 2 * this.#bytes.length));
      larger.set(this.#bytes.subarray(0, this.#length));
      this.#bytes = larger;
      this.#view = new DataView(larger.buffer);
    }
    this.#length = needed;
  }
}

/** Takes a record. Its body is a part of the batch. */
export type RecordReader = (operation: number, id: number, number: number, body: Uint8Array) => void;

export function readRecords(batch: Uint8Array, read: RecordReader): void {
  const view = new DataView(batch.buffer, batch.byteOffset, batch.length);
  for (let at = 0; at < batch.length; ) {
    const end = at + HEAD_BYTES + view.getUint32(at + 9, true);
    read(
      view.getUint8(at),
      view.getUint32(at + 1, true),
      view.getUint32(at + 5, true),
      batch.subarray(at + HEAD_BYTES, end),
    );
    at = end;
  }
}

export function jsonBytes(value: unknown): Uint8Array {
  return Buffer.from(JSON.stringify(value));
}

export function textOf(body: Uint8Array): string {
  return Buffer.from(body.buffer, body.byteOffset, body.length).toString();
}
