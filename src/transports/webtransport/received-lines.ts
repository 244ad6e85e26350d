import { isUtf8 } from 'node:buffer';
import { hubBusy } from '../../hub/budget/hub-busy.ts';
import type { Hub } from '../../hub/hub.ts';
import { FanwireError } from '../../protocol/errors.ts';
import type { ReceiveStream } from '../session-offer.ts';
import { PartialLine } from './partial-line.ts';

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
/** What may stand in a line that is not whole without being held to a pace. */
const PARTIAL_FREE_BYTES = 64 * 1024;

/** Who takes the lines of a stream. */
export interface LineOwner {
  /** The most bytes of the next line, without its end. */
  readonly maxBytes: number;
  /** Resolves once nothing of the line is held any more; never rejects. */
  line(bytes: Buffer): Promise<void>;
  /** What came can't be taken. The lines before it have been handled, and nothing more is read. */
  fail(error: FanwireError): void;
  /** All lines have been handled, and no more will come: the client has ended its stream, or given it up. */
  done(): void;
}

/**
 *  reading ◄──room──► paused
 *     └──end, reset, fault──► ending ──all lines handled──► ended
 */
type State =
  | { readonly kind: 'reading' }
  /** As much is held, or at work, as may be. */
  | { readonly kind: 'paused' }
  /** `error`: what came behind the lines at work can't be taken. */
  | { readonly kind: 'ending'; readonly error?: FanwireError }
  | { readonly kind: 'ended' };

const READING: State = { kind: 'reading' };
const PAUSED: State = { kind: 'paused' };
const ENDED: State = { kind: 'ended' };

/**
 * The lines of a stream that a client writes. What is held of them is counted for its address until it is done with, and the
 * stream is read no further while enough is held or at work: QUIC's flow control holds the client back then.
 */
export class ReceivedLines {
  readonly #hub: Hub;
  readonly #network: string;
  readonly #stream: ReceiveStream;
  readonly #owner: LineOwner;
  /** What was received and not looked through. */
  #pieces: Buffer[] = [];
  #partial = new PartialLine();
  /** Bytes that are counted for the address, without those of lines at work. */
  #waitingBytes = 0;
  #atWork = 0;
  #atWorkBytes = 0;
  /** Bytes of the line that was not whole at the last heartbeat, if it still is not and has been read on since. */
  #partialBefore = 0;
  #state: State = READING;

  constructor(hub: Hub, network: string, stream: ReceiveStream, owner: LineOwner) {
    this.#hub = hub;
    this.#network = network;
    this.#stream = stream;
    this.#owner = owner;
    stream.ondata = (bytes) => this.#receive(bytes);
    stream.onend = () => this.#finish();
    stream.onreset = () => {
      if (this.#isOver) return;
      this.#letGo();
      this.#finish();
    };
  }

  /** A heartbeat has passed: a line that comes slower than a body may is given up. */
  beat(): void {
    // A client that the hub does not read from can't be slow.
    if (this.#state.kind !== 'reading') return;
    const before = this.#partialBefore;
    const partial = this.#partial.length;
    this.#partialBefore = partial;
    if (partial <= PARTIAL_FREE_BYTES || before === 0) return;
    const { bodyBytesPerSecond } = this.#hub.limits;
    if (partial - before >= bodyBytesPerSecond * (this.#hub.heartbeatMs / 1000)) return;
    this.#fail(new FanwireError('body_too_slow', 'a line comes too slowly (bodyBytesPerSecond)'));
  }

  /** Takes no more lines. Those at work are still counted until they are done with. */
  end(): void {
    this.#letGo();
    this.#state = ENDED;
  }

  get #isOver(): boolean {
    return this.#state.kind === 'ending' || this.#state.kind === 'ended';
  }

  #receive(bytes: Uint8Array): void {
    if (this.#isOver) return;
    if (!this.#hub.received.take(this.#network, bytes.length)) {
      this.#fail(hubBusy(this.#hub.received));
      return;
    }
    this.#waitingBytes += bytes.length;
    // Copied: what came is part of a larger piece of memory.
    this.#pieces.push(Buffer.from(bytes));
    this.#takeLines();
  }

  #finish(): void {
    if (!this.#isOver) this.#state = { kind: 'ending' };
    this.#takeLines();
  }

  #takeLines(): void {
    const { framesInFlight, receivedBytesPerConnection } = this.#hub.limits;
    while (this.#state.kind !== 'ended' && this.#atWork < framesInFlight) {
      const line = this.#nextLine();
      if (!line) break;
      this.#handle(line);
    }
    if (this.#state.kind === 'ended') return;
    if (this.#state.kind === 'ending') {
      if (this.#atWork === 0) this.#over(this.#state.error);
    } else if (this.#atWork >= framesInFlight || this.#atWorkBytes >= receivedBytesPerConnection) {
      this.#state = PAUSED;
      this.#partialBefore = 0;
      this.#stream.pause();
    } else {
      this.#state = READING;
      this.#stream.resume();
    }
  }

  #over(error: FanwireError | undefined): void {
    this.#state = ENDED;
    if (error) this.#owner.fail(error);
    else this.#owner.done();
  }

  /** The next line without its end, or undefined until it is whole. */
  #nextLine(): Buffer | undefined {
    for (let piece = this.#pieces.shift(); piece; piece = this.#pieces.shift()) {
      const rest = this.#withoutBlanks(piece);
      const end = rest.indexOf(LINE_FEED);
      if (end !== -1 && end + 1 < rest.length) this.#pieces.unshift(rest.subarray(end + 1));
      this.#partial.add(end === -1 ? rest : rest.subarray(0, end));
      if (end !== -1) this.#done(1);
      // The carriage return of a line's end may have come already.
      if (this.#partial.length > this.#owner.maxBytes + 1) return this.#tooLarge();
      if (end !== -1) return this.#wholeLine();
    }
    // The last one may lack its end.
    return this.#state.kind === 'ending' && this.#partial.length > 0 ? this.#wholeLine() : undefined;
  }

  /** Blank lines keep a connection alive: nothing of them is kept, nor of what is blank before a line's JSON. */
  #withoutBlanks(piece: Buffer): Buffer {
    if (this.#partial.length > 0) return piece;
    let begin = 0;
    while (begin < piece.length && isBlank(piece[begin]!)) begin += 1;
    this.#done(begin);
    return piece.subarray(begin);
  }

  #wholeLine(): Buffer | undefined {
    const bytes = this.#partial.take();
    this.#partialBefore = 0;
    const hasReturn = bytes[bytes.length - 1] === CARRIAGE_RETURN;
    if (hasReturn) this.#done(1);
    const line = hasReturn ? bytes.subarray(0, -1) : bytes;
    if (line.length > this.#owner.maxBytes) return this.#tooLarge();
    if (isUtf8(line)) return line;
    this.#fail(new FanwireError('invalid_frame', 'a line is text in UTF-8'));
    return undefined;
  }

  #handle(line: Buffer): void {
    const { length } = line;
    this.#waitingBytes -= length;
    this.#atWorkBytes += length;
    this.#atWork += 1;
    void this.#owner.line(line).then(() => {
      this.#atWork -= 1;
      this.#atWorkBytes -= length;
      this.#hub.received.give(this.#network, length);
      this.#takeLines();
    });
  }

  #tooLarge(): undefined {
    const most = this.#owner.maxBytes;
    this.#fail(new FanwireError('message_too_large', `a line takes ${most} bytes at most`));
  }

  #fail(error: FanwireError): void {
    if (this.#state.kind === 'ended') return;
    this.#letGo();
    this.#state = { kind: 'ending', error };
    this.#stream.stop(0);
    if (this.#atWork === 0) this.#over(error);
  }

  /** Of what came, so many bytes are not held any more. */
  #done(bytes: number): void {
    if (bytes === 0) return;
    this.#waitingBytes -= bytes;
    this.#hub.received.give(this.#network, bytes);
  }

  #letGo(): void {
    this.#pieces = [];
    this.#partial = new PartialLine();
    this.#done(this.#waitingBytes);
  }
}

function isBlank(byte: number): boolean {
  return byte === LINE_FEED || byte === CARRIAGE_RETURN || byte === 0x20 || byte === 0x09;
}
