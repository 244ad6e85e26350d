import { once } from 'node:events';
import { connect } from 'node:net';
import { constants, inflateRawSync } from 'node:zlib';

/** What a compressed message ends with before it is sent without (RFC 7692, section 7.2.1). */
const TAIL = Buffer.from([0, 0, 0xff, 0xff]);
const MARK = /#(\d{8}):\d{16}#/g;
/** How far back a message may refer. */
const WINDOW_BYTES = 32 * 1024;
const FNV = { basis: 2166136261, prime: 16777619 };

/** A WebSocket whose messages are inflated, where they are compressed, and checked: their marks have to follow each other. */
export class InflatingSubscriber {
  /** The stream since the last reset, as load/subscribers.c sums it up. */
  bytes = 0;
  hash = FNV.basis;
  #socket;
  #left = Buffer.alloc(0);
  /** The end of what was inflated. */
  #window = Buffer.alloc(0);
  /** Of the marks since the connection began. */
  #numbers = [];

  static async open(request, port) {
    const socket = connect(port, '127.0.0.1').setNoDelay();
    socket.write(request);
    const [head] = await once(socket, 'data');
    const end = head.indexOf('\r\n\r\n') + 4;
    const answer = head.subarray(0, end).toString();
    if (!/sec-websocket-extensions: *permessage-deflate/i.test(answer))
      throw new Error(`the server does not compress: ${answer}`);
    return new InflatingSubscriber(socket, head.subarray(end));
  }

  constructor(socket, first) {
    this.#socket = socket;
    this.#take(first);
    socket.on('data', (data) => this.#take(data));
  }

  reset() {
    this.bytes = 0;
    this.hash = FNV.basis;
  }

  /** Resolves once the message of this number is there and all that it got are in order. */
  async reached(last) {
    for (;;) {
      const numbers = this.#numbers;
      if (numbers.some((number, index) => number !== numbers[0] + index))
        throw new Error(`messages out of order: ${numbers}`);
      if (numbers.at(-1) === last) return;
      await once(this.#socket, 'data');
    }
  }

  close() {
    this.#socket.destroy();
  }

  #take(data) {
    this.bytes += data.length;
    for (const byte of data) this.hash = Math.imul(this.hash ^ byte, FNV.prime) >>> 0;
    this.#left = Buffer.concat([this.#left, data]);
    for (let frame = this.#nextFrame(); frame; frame = this.#nextFrame()) {
      const bytes = frame.compressed ? this.#inflated(frame.payload) : frame.payload;
      for (const [, number] of bytes.toString('latin1').matchAll(MARK)) this.#numbers.push(Number(number));
    }
  }

  #inflated(payload) {
    const bytes = inflateRawSync(Buffer.concat([payload, TAIL]), {
      finishFlush: constants.Z_SYNC_FLUSH,
      dictionary: this.#window,
    });
    this.#window = Buffer.concat([this.#window, bytes]).subarray(-WINDOW_BYTES);
    return bytes;
  }

  /** RFC 6455, section 5.2, as far as a server's frames of less than 64 KiB go. */
  #nextFrame() {
    const bytes = this.#left;
    if (bytes.length < 2) return undefined;
    const begin = bytes[1] === 126 ? 4 : 2;
    if (bytes.length < begin) return undefined;
    const end = begin + (bytes[1] === 126 ? bytes.readUInt16BE(2) : bytes[1]);
    if (bytes.length < end) return undefined;
    this.#left = bytes.subarray(end);
    return { compressed: (bytes[0] & 0x40) !== 0, payload: bytes.subarray(begin, end) };
  }
}
