import { type Head, readHead, withoutSecrets } from './head.ts';
import { type BodyEnd, MessageScanner } from './message-scanner.ts';
import type { Side } from './wire-record.ts';

/** Records one exchange. */
export interface ExchangeRecorder {
  /** @param isHead of a request or an answer */
  bytes(from: Side, bytes: Buffer, isHead: boolean): void;
  end(by: 'answered' | Side): void;
}

interface Exchange {
  readonly method: string;
  readonly recording: ExchangeRecorder | undefined;
}

/** Decides by a request's head whether it is recorded. `nth`: which request of the connection it is, from 1. */
export type RecorderOf = (head: Head, nth: number) => ExchangeRecorder | undefined;

const REQUEST_LINE = /^[A-Z]+ \S+ HTTP\/1\.[01]\r\n/;

/** Assigns the bytes of a connection to its exchanges, and hands on those of recorded exchanges. */
export class ObservedConnection {
  readonly #recorderOf: RecorderOf;
  readonly #requests: MessageScanner;
  readonly #answers: MessageScanner;
  /** The exchanges without a complete answer, in the order of their requests, which is that of the answers (RFC 9112 section 9.3.2). */
  readonly #open: Exchange[] = [];
  #asking: ExchangeRecorder | undefined;
  #count = 0;
  /** A connection that was in use before may be amid an answer, so that it is followed from its next request on. */
  #state: 'unknown' | 'followed';

  constructor(recorderOf: RecorderOf, isNew: boolean) {
    this.#recorderOf = recorderOf;
    this.#state = isNew ? 'followed' : 'unknown';
    this.#requests = new MessageScanner({
      head: (head) => this.#requestHead(head),
      body: (bytes) => this.#asking?.bytes('client', bytes, false),
      end: () => {
        this.#asking = undefined;
      },
    });
    this.#answers = new MessageScanner({
      head: (head) => this.#answerHead(head),
      body: (bytes) => this.#open[0]?.recording?.bytes('server', bytes, false),
      end: () => this.#open.shift()?.recording?.end('answered'),
    });
  }

  read(bytes: Buffer): void {
    // Browsers do not pipeline: a request comes when the answer before it is complete.
    if (this.#state === 'unknown' && REQUEST_LINE.test(bytes.toString('latin1', 0, 4096)))
      this.#state = 'followed';
    if (this.#state === 'followed') this.#requests.feed(bytes);
  }

  written(bytes: Buffer): void {
    if (this.#state === 'followed') this.#answers.feed(bytes);
  }

  closed(by: Side): void {
    for (const { recording } of this.#open.splice(0)) recording?.end(by);
  }

  #requestHead(bytes: Buffer): BodyEnd | undefined {
    const head = readHead(bytes);
    if (!head) return undefined;
    this.#count += 1;
    const recording = this.#recorderOf(head, this.#count);
    this.#open.push({ method: head.first, recording });
    this.#asking = recording;
    recording?.bytes('client', withoutSecrets(bytes), true);
    // Frames follow, or the hub closes the connection.
    if (head.field('upgrade')?.toLowerCase() === 'websocket') return { kind: 'close' };
    return bodyEndOf(head) ?? { kind: 'length', bytes: 0 };
  }

  #answerHead(bytes: Buffer): BodyEnd | undefined {
    const head = readHead(bytes);
    const exchange = this.#open[0];
    if (!head || !exchange) return undefined;
    exchange.recording?.bytes('server', withoutSecrets(bytes), true);
    const status = Number(head.second);
    if (status === 101) return { kind: 'close' };
    if (status < 200) return { kind: 'interim' };
    if (exchange.method === 'HEAD' || status === 204 || status === 304) return { kind: 'length', bytes: 0 };
    return bodyEndOf(head) ?? { kind: 'close' };
  }
}

function bodyEndOf(head: Head): BodyEnd | undefined {
  if (/\bchunked$/i.test(head.field('transfer-encoding') ?? '')) return { kind: 'chunked' };
  const length = head.field('content-length');
  return length === undefined ? undefined : { kind: 'length', bytes: Number(length) };
}
