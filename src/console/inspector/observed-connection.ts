import { type Head, readHead, withoutSecrets } from './head.ts';
import { type BodyEnd, MessageScanner } from './message-scanner.ts';
import type { Side } from './wire-record.ts';

/** Takes what is recorded of one exchange. */
export interface Recording {
  bytes(from: Side, bytes: Buffer): void;
  end(by: 'answered' | Side): void;
}

interface Exchange {
  readonly method: string;
  readonly recording: Recording | undefined;
}

/** Decides by a request's head whether it is recorded. `nth`: which request of the connection it is, from 1. */
export type RecordingOf = (head: Head, nth: number) => Recording | undefined;

const REQUEST_LINE = /^[A-Z]+ \S+ HTTP\/1\.[01]\r\n/;

/** Tells which bytes of a connection belong to which exchange, and hands on those of recorded ones. */
export class ObservedConnection {
  readonly #recordingOf: RecordingOf;
  readonly #requests: MessageScanner;
  readonly #answers: MessageScanner;
  /** Whose answers are not complete, in the order of their requests: answers come in the same (RFC 9112 section 9.3.2). */
  readonly #open: Exchange[] = [];
  #asking: Recording | undefined;
  #count = 0;
  /** A connection that was already in use may be amid an answer: it is followed from its next request on. */
  #state: 'unknown' | 'followed';

  constructor(recordingOf: RecordingOf, isNew: boolean) {
    this.#recordingOf = recordingOf;
    this.#state = isNew ? 'followed' : 'unknown';
    this.#requests = new MessageScanner({
      head: (head) => this.#requestHead(head),
      body: (bytes) => this.#asking?.bytes('client', bytes),
      end: () => {
        this.#asking = undefined;
      },
    });
    this.#answers = new MessageScanner({
      head: (head) => this.#answerHead(head),
      body: (bytes) => this.#open[0]?.recording?.bytes('server', bytes),
      end: () => this.#open.shift()?.recording?.end('answered'),
    });
  }

  read(bytes: Buffer): void {
    // A client that does not pipeline, and no browser does, asks when the answer before is complete.
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
    const recording = this.#recordingOf(head, this.#count);
    this.#open.push({ method: head.first, recording });
    this.#asking = recording;
    recording?.bytes('client', withoutSecrets(bytes));
    // What follows is frames, or the hub closes it.
    if (head.field('upgrade')?.toLowerCase() === 'websocket') return { kind: 'close' };
    return bodyEndOf(head) ?? { kind: 'length', bytes: 0 };
  }

  #answerHead(bytes: Buffer): BodyEnd | undefined {
    const head = readHead(bytes);
    const exchange = this.#open[0];
    if (!head || !exchange) return undefined;
    exchange.recording?.bytes('server', withoutSecrets(bytes));
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
