import type { Connection, Outlet } from '../../hub/connections/connection.ts';
import type { Hub } from '../../hub/hub.ts';
import type { Sender } from '../../hub/publishing/publication.ts';
import { type PublishPace, waitForTurn } from '../../hub/publishing/publish-pace.ts';
import { CLOSE } from '../../protocol/close-codes.ts';
import { FanwireError } from '../../protocol/errors.ts';
import { formatPosition, type Position } from '../../protocol/position.ts';
import type { Start } from '../../protocol/start.ts';
import type { StreamOwner } from '../byte-stream.ts';
import { publishOn } from '../duplex-publish.ts';
import type { SessionOffer, WebTransportSession } from '../session-offer.ts';
import type { StreamSink } from '../stream-sink.ts';
import { closeGently } from './close-gently.ts';
import { DatagramSink } from './datagram-sink.ts';
import { lineSink } from './line-sink.ts';
import { type Publisher, PublishStream } from './publish-stream.ts';
import { refuseStream } from './refuse-stream.ts';

/** A session on a channel: its messages come as lines on one stream or, asked for, as datagrams; lines and datagrams publish. */
export async function serveChannelSession(
  offer: SessionOffer,
  channels: readonly string[],
  start: Start,
  query: URLSearchParams,
): Promise<void> {
  const position = await offer.hub.beginning(channels, start);
  const from: Start = start.kind === 'now' ? { kind: 'after', position } : start;
  const session = new ChannelSession(offer, channels);
  if (query.has('unreliable')) session.subscribeUnreliably(from, position);
  else session.subscribe(from, position);
}

class ChannelSession implements Outlet, StreamOwner, Publisher {
  readonly sink: StreamSink;
  readonly hub: Hub;
  readonly network: string;
  readonly #pace: PublishPace;
  readonly #sender: Sender;
  readonly #channels: readonly string[];
  readonly #session: WebTransportSession;
  readonly #connection: Connection;
  readonly #publishing = new Set<PublishStream>();
  #unreliable: readonly DatagramSink[] = [];
  /** Publishes of all streams, one after another. */
  #tail: Promise<void> = Promise.resolve();
  #datagramsAtWork = 0;

  constructor(offer: SessionOffer, channels: readonly string[]) {
    const { hub, caller } = offer;
    this.hub = hub;
    this.network = caller.network;
    this.#pace = caller.pace;
    this.#sender = hub.publishing.senderOf(caller.credentials);
    this.#channels = channels;
    const session = offer.accept();
    this.#session = session;
    this.sink = lineSink(hub.meter, session.openUnidirectional(), this, () => this.abort());
    session.onstream = (readable, writable) =>
      this.#publishing.add(new PublishStream(this, readable, writable));
    session.ondatagram = (bytes) => this.#takeDatagram(Buffer.from(bytes));
    session.onclose = () => this.#gone();
    const peer = { transport: 'webtransport', address: caller.address, access: caller.access };
    this.#connection = hub.connect(peer, this);
  }

  subscribe(from: Start, position: Position): void {
    this.#tellPosition(position);
    void this.#connection.open(this.#channels, from).resume();
  }

  subscribeUnreliably(from: Start, position: Position): void {
    this.#tellPosition(position);
    this.#unreliable = this.#channels.map((channel) => {
      const sink = new DatagramSink(this.#session, this.hub.meter, position, this.sink);
      void this.#connection.open([channel], from, sink, 'skip').resume();
      return sink;
    });
    this.#session.ondrain = () => this.#drainUnreliable();
  }

  drained(): void {
    void this.#connection.drained();
    this.#drainUnreliable();
  }

  /** The client wants no more of the stream that everything is told on: it wants no session. */
  ended(): void {
    this.#gone();
    this.#session.close(CLOSE.normal, '');
  }

  get maxBytes(): number {
    return this.hub.maxBytes(this.#connection.access, this.hub.limits.messageBytes);
  }

  /** One after another, of whatever stream they are. */
  publish(data: Buffer): Promise<string> {
    const turn = { address: this.#connection.peer.address, pace: this.#pace };
    const published = this.#tail.then(() =>
      // Nobody judges any more what the client of an ended session may do.
      this.#connection.closed
        ? ''
        : this.#publish(data, () => waitForTurn(turn, 1, data.length, this.hub.runtime)),
    );
    this.#tail = published.then(() => {});
    return published;
  }

  over(stream: PublishStream): void {
    this.#publishing.delete(stream);
  }

  beat(position: Position | undefined): void {
    if (position) this.#tellPosition(position);
    else this.sink.text('\n');
    for (const stream of this.#publishing) stream.beat();
  }

  close(reason: FanwireError | undefined): void {
    this.#takeNoMore();
    if (reason) this.sink.frame(JSON.stringify({ error: reason.toJSON() }));
    this.sink.end();
    closeGently(this.#session, reason);
  }

  abort(): void {
    this.#gone();
    this.#session.close(CLOSE.restart, 'too slow');
  }

  #gone(): void {
    this.#takeNoMore();
    this.#connection.gone();
  }

  #takeNoMore(): void {
    this.#session.onstream = refuseStream;
    for (const stream of this.#publishing) stream.end();
    this.#publishing.clear();
  }

  #drainUnreliable(): void {
    for (const sink of this.#unreliable) {
      sink.drained();
      void this.#connection.drained(sink);
    }
  }

  #tellPosition(position: Position): void {
    this.sink.frame(JSON.stringify({ heartbeat: { position: formatPosition(position) } }));
  }

  /** Publishes without an answer; what comes faster than it may is lost, as datagrams may be. */
  #takeDatagram(data: Buffer): void {
    if (this.#connection.closed || this.#datagramsAtWork >= this.hub.limits.framesInFlight) return;
    this.#datagramsAtWork += 1;
    const takeTurn = () => {
      if (this.#pace.take(this.#connection.peer.address, 1, data.length) === 0) return;
      throw new FanwireError('too_many_publishes', 'datagrams do not wait for their turn');
    };
    void this.#publish(data, takeTurn).then(() => {
      this.#datagramsAtWork -= 1;
    });
  }

  #publish(data: Buffer, takeTurn: () => Promise<void> | void): Promise<string> {
    const message = { data, isBinary: false };
    return publishOn(this.hub, this.#connection, this.#sender, this.#channels, message, takeTurn);
  }
}
