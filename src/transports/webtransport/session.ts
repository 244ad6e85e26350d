import type { Hub } from '../../hub/hub.ts';
import type { ChannelSink, SessionOutlet } from '../../hub/session/session.ts';
import { CLOSE } from '../../protocol/close-codes.ts';
import type { FanwireError } from '../../protocol/errors.ts';
import type { StreamOwner } from '../byte-stream.ts';
import { FrameConnection } from '../frame-connection.ts';
import type { ReceiveStream, SendStream, SessionOffer, WebTransportSession } from '../session-offer.ts';
import type { StreamSink } from '../stream-sink.ts';
import { closeGently } from './close-gently.ts';
import { lineSink } from './line-sink.ts';
import { type LineOwner, ReceivedLines } from './received-lines.ts';
import { refuseStream } from './refuse-stream.ts';

/** How long a client may take to open its stream. */
const STREAM_MS = 10_000;

/**
 * The SDK's endpoint: the client opens one stream of both directions for frames, a line each, and the hub opens one for each
 * subscription.
 */
export function serveFrameSession(offer: SessionOffer): void {
  const session = offer.accept();
  const late = setTimeout(
    () => session.close(CLOSE.silent, 'no stream of both directions came in time'),
    STREAM_MS,
  );
  session.onclose = () => clearTimeout(late);
  session.onstream = (readable, writable) => {
    if (!writable) {
      readable.stop(0);
      return;
    }
    clearTimeout(late);
    new FrameSession(offer, session, readable, writable);
  };
}

class FrameSession implements SessionOutlet, StreamOwner, LineOwner {
  readonly sink: StreamSink;
  readonly #hub: Hub;
  readonly #session: WebTransportSession;
  readonly #frames: FrameConnection;
  readonly #received: ReceivedLines;

  constructor(
    { hub, caller }: SessionOffer,
    session: WebTransportSession,
    readable: ReceiveStream,
    writable: SendStream,
  ) {
    this.#hub = hub;
    this.#session = session;
    this.sink = this.#sinkOf(writable, this);
    this.#frames = new FrameConnection(hub, caller, 'webtransport', this);
    session.onclose = () => this.#gone();
    session.onstream = refuseStream;
    this.#received = new ReceivedLines(hub, caller.network, readable, this);
  }

  get maxBytes(): number {
    return this.#frames.maxBytes;
  }

  line(bytes: Buffer): Promise<void> {
    return this.#frames.receive(bytes);
  }

  fail(error: FanwireError): void {
    this.#frames.fail(error);
  }

  /** The client writes no more on its stream: it has gone. */
  done(): void {
    this.ended();
  }

  openChannel(stopped: () => void): ChannelSink | undefined {
    let stream: SendStream;
    try {
      stream = this.#session.openUnidirectional();
    } catch {
      return undefined;
    }
    const sink: ChannelSink = this.#sinkOf(stream, {
      drained: () => this.#frames.drained(sink),
      ended: stopped,
    });
    return sink;
  }

  drained(): void {
    this.#frames.drained();
  }

  /** The client wants no more frames: it has gone as well. */
  ended(): void {
    this.#gone();
    this.#session.close(CLOSE.normal, '');
  }

  beat(): void {
    this.#received.beat();
  }

  close(reason: FanwireError | undefined): void {
    this.#received.end();
    this.sink.end();
    closeGently(this.#session, reason);
  }

  abort(): void {
    this.#gone();
    this.#session.close(CLOSE.restart, 'too slow');
  }

  bye(): void {
    this.#received.end();
    this.#session.close(CLOSE.normal, '');
  }

  #gone(): void {
    this.#received.end();
    this.#frames.ended();
  }

  #sinkOf(stream: SendStream, owner: StreamOwner): StreamSink {
    return lineSink(this.#hub.meter, stream, owner, () => this.abort());
  }
}
