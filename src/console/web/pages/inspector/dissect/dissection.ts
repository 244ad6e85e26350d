import type { Side, WireBytes, WireEnd, WireOpening } from '../../../../inspector/wire-record.ts';
import { createEnvelopeReader } from '../../../connect-envelope.ts';
import { INSPECTED } from '../transports.ts';
import { ByteRun, type Taken } from './byte-run.ts';
import { chunkContent, chunkTally, createContentReaders, isConnect } from './chunk-content.ts';
import { readChunkLine } from './chunk-line.ts';
import { isControl, readFrameHeader, TEXT, unmasked } from './frame.ts';
import { deliveredBytes, readGraphQLMessage } from './graphql-message.ts';
import { fieldOf, type Head, headLength, readHead } from './head.ts';
import { purposeOf } from './purpose.ts';
import { type Detail, NO_TALLY, type Purpose, type Step, type Tally } from './steps.ts';

const MAX_HEAD = 64 * 1024;
const MAX_CHUNK_LINE = 1024;
const MAX_FRAME_HEADER = 14;

/** What the bytes of a direction are from here on. */
type Part =
  | { readonly kind: 'head' | 'chunks' | 'frames' | 'raw' }
  | { readonly kind: 'body'; readonly length: number };

/** Takes an exchange apart as its bytes come. */
export class Dissection {
  readonly exchange: number;
  /** Of a request whose head has not come, what an empty head is taken for. */
  purpose: Purpose = purposeOf({ start: '', fields: [] });
  readonly #onStep: (step: Step) => void;
  readonly #connection: number;
  readonly #nth: number;
  readonly #runs = { client: new ByteRun(), server: new ByteRun() };
  readonly #parts: Record<Side, Part> = { client: { kind: 'head' }, server: { kind: 'head' } };
  #readers = createContentReaders();
  #request: Head | undefined;
  #contentType = '';
  /** When the last byte of the request, and of anything, crossed the wire. */
  #askedAt: number;
  #state: 'asked' | 'answering' = 'asked';
  #count = 0;

  /** @param connection number of its TCP connection on this page */
  constructor({ nth, at }: WireOpening, exchange: number, connection: number, onStep: (step: Step) => void) {
    this.#onStep = onStep;
    this.exchange = exchange;
    this.#connection = connection;
    this.#nth = nth;
    this.#askedAt = at;
  }

  /** Whether the hub holds the request, or has begun to answer. */
  get state(): 'asked' | 'answering' {
    return this.#state;
  }

  add({ from, at, length, base64 }: WireBytes): void {
    const run = this.#runs[from];
    run.append(fromBase64(base64), length, at);
    if (from === 'client' && this.#state === 'asked') this.#askedAt = at;
    while (run.length > 0 && this.#next(from, run));
  }

  end({ by, at }: WireEnd): void {
    for (const from of ['client', 'server'] as const) {
      const left = this.#runs[from].length;
      if (left > 0) this.#step(from, this.#runs[from].take(left), { kind: 'raw' }, { content: left });
    }
    if (by !== 'answered') {
      const nothing: Taken = { bytes: new Uint8Array(), length: 0, at, until: at };
      this.#step(by, nothing, { kind: 'end', by }, {});
    }
  }

  /** Takes one step off the run's front; false while more bytes are needed for it. */
  #next(from: Side, run: ByteRun): boolean {
    const part = this.#parts[from];
    switch (part.kind) {
      case 'head':
        return from === 'client' ? this.#nextRequest(run) : this.#nextAnswer(run);
      case 'body':
        return this.#nextBody(from, run, part.length);
      case 'chunks':
        return this.#nextChunk(from, run);
      case 'frames':
        return this.#nextFrame(from, run);
      case 'raw':
        return this.#rest(from, run);
    }
  }

  #nextRequest(run: ByteRun): boolean {
    const length = headLength(run.peek(MAX_HEAD));
    if (length === undefined) return false;
    const taken = run.take(length);
    const head = readHead(taken.bytes);
    this.#request = head;
    this.purpose = purposeOf(head);
    const frames = this.purpose !== 'publish' && INSPECTED[this.purpose].frames;
    this.#parts.client = frames ? { kind: 'frames' } : bodyOf(head, { kind: 'raw' });
    const detail: Detail = { kind: 'request', head, connection: this.#connection, nth: this.#nth };
    return this.#step('client', taken, detail, { heads: length });
  }

  #nextAnswer(run: ByteRun): boolean {
    const length = headLength(run.peek(MAX_HEAD));
    if (length === undefined) return false;
    const taken = run.take(length);
    const head = readHead(taken.bytes);
    this.#contentType = fieldOf(head, 'content-type') ?? '';
    const status = Number(head.start.split(' ')[1]);
    if (status === 101) this.#parts.server = { kind: 'frames' };
    else if (status >= 200) this.#parts.server = bodyOf(head, { kind: 'raw' });
    this.#state = 'answering';
    const key = fieldOf(this.#request, 'sec-websocket-key');
    const detail: Detail = { kind: 'answer', head, parkedMs: taken.at - this.#askedAt, key };
    return this.#step('server', taken, detail, { heads: length });
  }

  #nextBody(from: Side, run: ByteRun, length: number): boolean {
    if (run.length < length) return false;
    const taken = run.take(length);
    this.#parts[from] = { kind: 'raw' };
    const type = from === 'client' ? (fieldOf(this.#request, 'content-type') ?? '') : this.#contentType;
    const text = new TextDecoder().decode(taken.bytes);
    const content = isConnect(type)
      ? ({ kind: 'envelopes', envelopes: createEnvelopeReader()(taken.bytes) } as const)
      : ({ kind: 'text', text } as const);
    const messages = messagesIn(text, this.purpose, from);
    return this.#step(from, taken, { kind: 'body', content }, { content: length, messages });
  }

  #nextChunk(from: Side, run: ByteRun): boolean {
    const line = readChunkLine(run.peek(MAX_CHUNK_LINE));
    if (line === 'invalid') return this.#rest(from, run);
    if (line === 'incomplete') return this.#waits(from, run, MAX_CHUNK_LINE);
    const length = line.length + line.size + 2;
    if (run.length < length) return false;
    const whole = !run.hasHoleBefore(length);
    const taken = run.take(length);
    const data = taken.bytes.subarray(line.length, line.length + line.size);
    const content = whole
      ? chunkContent(data, this.#contentType, this.#readers)
      : ({ kind: 'text', text: new TextDecoder().decode(data) } as const);
    // What they had of a line under way is lost.
    if (!whole) this.#readers = createContentReaders();
    if (line.size === 0) this.#parts[from] = { kind: 'raw' };
    const sizeLine = new TextDecoder().decode(taken.bytes.subarray(0, line.length)).trim();
    const detail: Detail = { kind: 'chunk', line: sizeLine, size: line.size, content };
    return this.#step(from, taken, detail, chunkTally(content, line.size, length));
  }

  #nextFrame(from: Side, run: ByteRun): boolean {
    const header = readFrameHeader(run.peek(MAX_FRAME_HEADER));
    if (!header) return this.#waits(from, run, MAX_FRAME_HEADER);
    const length = header.bytes + header.payloadLength;
    if (run.length < length) return false;
    const taken = run.take(length);
    const masked = taken.bytes.subarray(header.bytes);
    const payload = unmasked(masked, header.mask);
    const graphql =
      this.purpose === 'graphql' && header.opcode === TEXT ? readGraphQLMessage(payload) : undefined;
    const content = graphql ? deliveredBytes(graphql) : header.payloadLength;
    const tally =
      isControl(header.opcode) || content === undefined
        ? { upkeep: length }
        : { framing: length - content, content, messages: header.fin ? 1 : 0 };
    return this.#step(from, taken, { kind: 'frame', header, masked, payload, graphql }, tally);
  }

  /** More bytes are needed, unless they are there and were not kept. */
  #waits(from: Side, run: ByteRun, count: number): boolean {
    return run.hasHoleBefore(count) && this.#rest(from, run);
  }

  #rest(from: Side, run: ByteRun): boolean {
    this.#parts[from] = { kind: 'raw' };
    const { length } = run;
    return this.#step(from, run.take(length), { kind: 'raw' }, { content: length });
  }

  #step(from: Side, taken: Taken, detail: Detail, tally: Partial<Tally>): true {
    const { exchange, purpose } = this;
    const key = `${exchange}.${++this.#count}`;
    this.#onStep({ key, exchange, purpose, from, ...taken, detail, tally: { ...NO_TALLY, ...tally } });
    return true;
  }
}

/** A publish has one; a poll's answer lists them. */
function messagesIn(body: string, purpose: Purpose, from: Side): number {
  if (purpose === 'publish') return from === 'client' ? 1 : 0;
  try {
    const { messages } = JSON.parse(body) as { readonly messages?: readonly unknown[] };
    return messages?.length ?? 0;
  } catch {
    // A refusal, or not wholly kept.
    return 0;
  }
}

function bodyOf(head: Head, otherwise: Part): Part {
  if (fieldOf(head, 'transfer-encoding') === 'chunked') return { kind: 'chunks' };
  const length = fieldOf(head, 'content-length');
  return length === undefined ? otherwise : { kind: 'body', length: Number(length) };
}

function fromBase64(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}
