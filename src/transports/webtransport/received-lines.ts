import { isUtf8 } from 'node:buffer';
import { hubBusy } from '../../hub/budget/hub-busy.ts';
import type { Hub } from '../../hub/hub.ts';
import { FanwireError } from '../../protocol/errors.ts';
import type { ReceiveStream } from '../session-offer.ts';

const LINE_FEED = 0x0a;
/** What may stand in a line that is not whole without being held to a pace. */
const PARTIAL_FREE_BYTES = 64 * 1024;

/** Who takes the lines of a stream. */
export interface LineOwner {
  /** The most bytes of the next line. */
  readonly mostBytes: number;
  /** Resolves once nothing of the line is held any more; never rejects. */
  line(bytes: Buffer): Promise<void>;
  /** What came can't be taken. Nothing more is read. */
  fail(error: FanwireError): void;
  /** All lines have been handled, and no more will come. */
  done?(): void;
}

/**
 * The lines of a stream that a client writes. What is held of them is counted for its address, and the stream is read no
 * further while enough is held or at work: QUIC's flow control holds the client back then.
 */
export class ReceivedLines {
  readonly #hub: Hub;
  readonly #network: string;
  readonly #stream: ReceiveStream;
  readonly #owner: LineOwner;
  /** What was received and not looked through. */
  readonly #pieces: Buffer[] = [];
  /** Parts of the line that is not whole: joined once, as joining piece by piece would be quadratic. */
  #partial: Buffer[] = [];
  #partialBytes = 0;
  /** Bytes that are counted for the address. */
  #held = 0;
  #atWork = 0;
  /** Bytes of a line that was not whole at the last heartbeat. */
  #partialBefore = 0;
  #state: 'open' | 'ending' | 'ended' = 'open';

  constructor(hub: Hub, network: string, stream: ReceiveStream, owner: LineOwner) {
    this.#hub = hub;
    this.#network = network;
    this.#stream = stream;
    this.#owner = owner;
    stream.ondata = (bytes) => this.#receive(bytes);
    stream.onend = () => {
      if (this.#state === 'open') this.#state = 'ending';
      this.#takeLines();
    };
    stream.onreset = () => this.end();
  }

  /** A heartbeat has passed: a line that comes slower than a body may is given up. */
  beat(): void {
    const before = this.#partialBefore;
    const partial = this.#partialBytes;
    this.#partialBefore = partial;
    if (partial <= PARTIAL_FREE_BYTES || before === 0 || partial < before) return;
    const { bodyBytesPerSecond } = this.#hub.limits;
    if (partial - before >= bodyBytesPerSecond * (this.#hub.heartbeatMs / 1000)) return;
    this.#fail(new FanwireError('body_too_slow', 'a line comes too slowly (bodyBytesPerSecond)'));
  }

  /** Lets go of everything. */
  end(): void {
    if (this.#state === 'ended') return;
    this.#state = 'ended';
    this.#pieces.length = this.#partial.length = 0;
    if (this.#held > 0) this.#hub.received.give(this.#network, this.#held);
    this.#held = 0;
  }

  #receive(bytes: Uint8Array): void {
    if (this.#state === 'ended') return;
    if (!this.#hub.received.take(this.#network, bytes.length)) {
      this.#fail(hubBusy(this.#hub.received));
      return;
    }
    this.#held += bytes.length;
    // Copied: what came is part of a larger piece of memory.
    this.#pieces.push(Buffer.from(bytes));
    this.#takeLines();
  }

  #takeLines(): void {
    const { framesInFlight, receivedBytesPerConnection } = this.#hub.limits;
    while (this.#state !== 'ended' && this.#atWork < framesInFlight) {
      const line = this.#nextLine();
      if (!line) break;
      this.#handle(line);
    }
    if (this.#state === 'ended') return;
    if (this.#state === 'ending' && this.#atWork === 0 && this.#pieces.length === 0) {
      this.end();
      this.#owner.done?.();
    } else if (
      this.#atWork >= framesInFlight ||
      this.#held - this.#partialBytes >= receivedBytesPerConnection
    ) {
      this.#stream.pause();
    } else this.#stream.resume();
  }

  /** The next line with its end, or undefined until it is whole. */
  #nextLine(): Buffer | undefined {
    for (let piece = this.#pieces.shift(); piece; piece = this.#pieces.shift()) {
      const end = piece.indexOf(LINE_FEED);
      const part = end === -1 ? piece : piece.subarray(0, end + 1);
      if (end !== -1 && end + 1 < piece.length) this.#pieces.unshift(piece.subarray(end + 1));
      this.#partial.push(part);
      this.#partialBytes += part.length;
      const most = this.#owner.mostBytes;
      if (this.#partialBytes > most + 1) {
        this.#fail(new FanwireError('message_too_large', `a line takes ${most} bytes at most`));
        return undefined;
      }
      if (end !== -1) return this.#wholeLine();
    }
    // The last one may lack its end.
    return this.#state === 'ending' && this.#partialBytes > 0 ? this.#wholeLine() : undefined;
  }

  #wholeLine(): Buffer {
    const line = this.#partial.length === 1 ? this.#partial[0]! : Buffer.concat(this.#partial);
    this.#partial = [];
    this.#partialBytes = 0;
    return line;
  }

  #handle(line: Buffer): void {
    this.#atWork += 1;
    const handled = isBlank(line) ? Promise.resolve() : this.#checked(line);
    void handled.then(() => {
      this.#atWork -= 1;
      // After the end everything has been given back already.
      const given = Math.min(line.length, this.#held);
      this.#held -= given;
      if (given > 0) this.#hub.received.give(this.#network, given);
      this.#takeLines();
    });
  }

  #checked(line: Buffer): Promise<void> {
    if (isUtf8(line)) return this.#owner.line(line);
    this.#fail(new FanwireError('invalid_frame', 'a line is text in UTF-8'));
    return Promise.resolve();
  }

  #fail(error: FanwireError): void {
    if (this.#state === 'ended') return;
    this.end();
    this.#stream.stop(0);
    this.#owner.fail(error);
  }
}

/** Blank lines keep a connection alive. */
function isBlank(line: Buffer): boolean {
  return line.every((byte) => byte === LINE_FEED || byte === 0x0d || byte === 0x20 || byte === 0x09);
}
