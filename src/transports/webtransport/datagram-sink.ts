import type { Format } from '../../hub/delivery/format.ts';
import type { Sink } from '../../hub/delivery/sink.ts';
import type { Meter } from '../../hub/meter.ts';
import type { FrameSink } from '../../hub/session/session.ts';
import type { StoredGap } from '../../log/gap.ts';
import type { PageItem } from '../../log/log.ts';
import type { StoredMessage } from '../../log/message.ts';
import type { Position } from '../../protocol/position.ts';
import { gapJson, messageJson } from '../message-json.ts';
import type { WebTransportSession } from '../session-offer.ts';

interface Part {
  readonly item: PageItem;
  readonly bytes: Buffer;
}

/** A message a datagram, as JSON. Each may be lost by itself, so they are not joined. */
const datagramFormat: Format<Part, readonly Part[]> = {
  encode: (item) => ({
    item,
    bytes: Buffer.from(item.kind === 'message' ? messageJson(item.message) : gapJson(item.gap)),
  }),
  join: (parts) => parts,
};

/** What is left of messages that found no room. */
interface Held {
  readonly message: StoredMessage;
  readonly bytes: Buffer;
  /** Older ones that it has taken the place of. */
  readonly skipped: StoredGap | undefined;
}

/**
 * A channel's messages as datagrams. Where they find no room the newest takes the place of the others, of which a gap tells on
 * a stream. A message that is too large for a datagram goes on the stream as well.
 */
export class DatagramSink implements Sink {
  readonly format = datagramFormat;
  readonly #session: WebTransportSession;
  readonly #meter: Meter;
  readonly #stream: FrameSink;
  /** Of the newest message that was sent. */
  #sent: Position;
  #held: Held | undefined;

  constructor(session: WebTransportSession, meter: Meter, start: Position, stream: FrameSink) {
    this.#session = session;
    this.#meter = meter;
    this.#sent = start;
    this.#stream = stream;
  }

  get writable(): boolean {
    // A client that does not read the stream gets no more datagrams either: nobody could tell it of those that it misses.
    return this.#held === undefined && this.#stream.writable;
  }

  write(chunk: unknown): void {
    for (const { item, bytes } of chunk as readonly Part[]) {
      if (item.kind === 'message') this.#give(item.message, bytes);
      else {
        this.#stream.frame(bytes.toString());
        this.#sent = item.gap.to;
      }
    }
  }

  /** There is room again, for datagrams or on the stream. */
  drained(): void {
    const held = this.#held;
    if (!held || !this.#stream.writable || !this.#send(held.message, held.bytes)) return;
    this.#held = undefined;
    if (held.skipped) {
      this.#meter.gaps.skipped += 1;
      this.#stream.frame(gapJson(held.skipped));
    }
  }

  #give(message: StoredMessage, bytes: Buffer): void {
    const before = this.#held;
    if (!before) {
      if (!this.#send(message, bytes)) this.#held = { message, bytes, skipped: undefined };
      return;
    }
    const { channel } = message;
    const from = before.skipped?.from ?? this.#sent;
    const { epoch, sequence } = before.message;
    this.#held = {
      message,
      bytes,
      skipped: { channel, from, to: { epoch, sequence }, reason: 'skipped' },
    };
  }

  #send(message: StoredMessage, bytes: Buffer): boolean {
    if (bytes.length > this.#session.maxDatagramSize) {
      if (!this.#stream.writable) return false;
      this.#stream.frame(bytes.toString());
    } else if (!this.#session.sendDatagram(bytes)) return false;
    else this.#meter.bytes += bytes.length;
    this.#sent = { epoch: message.epoch, sequence: message.sequence };
    return true;
  }
}
