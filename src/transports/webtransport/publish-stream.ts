import type { Hub } from '../../hub/hub.ts';
import type { FanwireError } from '../../protocol/errors.ts';
import type { StreamOwner } from '../byte-stream.ts';
import type { ReceiveStream, SendStream } from '../session-offer.ts';
import type { StreamSink } from '../stream-sink.ts';
import { lineSink } from './line-sink.ts';
import { type LineOwner, ReceivedLines } from './received-lines.ts';

/** What a stream that publishes needs of its session. */
export interface Publisher {
  readonly hub: Hub;
  readonly network: string;
  /** The most bytes of a message. */
  readonly maxBytes: number;
  /** Resolves with the answer, as JSON; never rejects. */
  publish(line: Buffer): Promise<string>;
  /** Nothing more comes of this stream. */
  over(stream: PublishStream): void;
  /** Ends the session: its client takes no answers. */
  abort(): void;
}

/** A stream of which each line publishes, and is answered where the stream has a way back. */
export class PublishStream implements LineOwner, StreamOwner {
  readonly #publisher: Publisher;
  readonly #answers: StreamSink | undefined;
  readonly #lines: ReceivedLines;
  /** Those whose answers have filled the way back: nothing more is read from who does not read. */
  #waiting: (() => void)[] = [];
  #blockedMs = 0;

  constructor(publisher: Publisher, readable: ReceiveStream, writable: SendStream | undefined) {
    const { hub, network } = publisher;
    this.#publisher = publisher;
    this.#answers = writable && lineSink(hub.meter, writable, this, () => publisher.abort());
    this.#lines = new ReceivedLines(hub, network, readable, this);
  }

  get maxBytes(): number {
    return this.#publisher.maxBytes;
  }

  async line(bytes: Buffer): Promise<void> {
    const answer = await this.#publisher.publish(bytes);
    this.#answers?.frame(answer);
    if (this.#answers?.full) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  fail(error: FanwireError): void {
    this.#answers?.frame(JSON.stringify({ error: this.#publisher.hub.refuse(error).toJSON() }));
    this.done();
  }

  done(): void {
    this.#answers?.end();
    this.#publisher.over(this);
  }

  /** A heartbeat has passed. */
  beat(): void {
    const { heartbeatMs, stallMs } = this.#publisher.hub;
    this.#lines.beat();
    this.#blockedMs = this.#answers?.full ? this.#blockedMs + heartbeatMs : 0;
    if (this.#blockedMs >= stallMs) this.#publisher.abort();
  }

  drained(): void {
    this.#blockedMs = 0;
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  /** The client wants no answers: it may publish on. */
  ended(): void {
    this.drained();
  }

  /** The session takes no more. */
  end(): void {
    this.#lines.end();
    this.drained();
  }
}
