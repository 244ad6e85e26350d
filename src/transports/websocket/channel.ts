import type { WebSocket } from 'ws';
import type { Connection, Outlet } from '../../hub/connections/connection.ts';
import type { Hub } from '../../hub/hub.ts';
import type { Sender } from '../../hub/publishing/publication.ts';
import { type PublishPace, waitForTurn } from '../../hub/publishing/publish-pace.ts';
import type { FanwireError } from '../../protocol/errors.ts';
import { formatPosition, type Position } from '../../protocol/position.ts';
import type { Start } from '../../protocol/start.ts';
import { publishOn } from '../duplex-publish.ts';
import type { Handshake } from '../handshake.ts';
import { acceptWebSocket } from './accept.ts';
import { channelFormat } from './format.ts';
import { type SocketOwner, SocketSink } from './socket-sink.ts';

/** What may stand in a frame beside the payload, which has a limit of its own and an answer that names it. */
const FRAME_SLACK = 64 * 1024;

/** A plain WebSocket on a channel: reads its messages, and publishes each frame it sends. */
export async function serveChannelSocket(
  handshake: Handshake,
  channels: readonly string[],
  start: Start,
): Promise<void> {
  const { hub, caller } = handshake;
  const position = await hub.beginning(channels, start);
  const maxBytes = hub.maxBytes(caller.access, hub.limits.messageBytes + FRAME_SLACK);
  acceptWebSocket(handshake, maxBytes, (webSocket) =>
    new ChannelSocket(handshake, webSocket, channels).subscribe(start, position),
  );
}

// Fields, not closures over the handshake: its request would be kept in memory with every connection.
class ChannelSocket implements SocketOwner, Outlet {
  readonly sink: SocketSink;
  readonly #hub: Hub;
  readonly #channels: readonly string[];
  readonly #pace: PublishPace;
  readonly #sender: Sender;
  readonly #connection: Connection;
  #tail: Promise<void> | undefined;

  constructor(handshake: Handshake, webSocket: WebSocket, channels: readonly string[]) {
    const { hub, caller } = handshake;
    this.#hub = hub;
    this.#channels = channels;
    this.#pace = caller.pace;
    this.#sender = hub.publishing.senderOf(caller.credentials);
    this.sink = new SocketSink(handshake, webSocket, channelFormat, this);
    const peer = { transport: 'websocket', address: caller.address, access: caller.access };
    this.#connection = hub.connect(peer, this);
  }

  subscribe(start: Start, position: Position): void {
    this.sink.frame(JSON.stringify({ heartbeat: { position: formatPosition(position) } }));
    const from: Start = start.kind === 'now' ? { kind: 'after', position } : start;
    void this.#connection.open(this.#channels, from).resume();
  }

  message(data: Buffer, isBinary: boolean): void {
    this.#tail = (this.#tail ?? Promise.resolve())
      .then(() => this.#publish(data, isBinary))
      .then(() => this.sink.handled(data.length));
  }

  fail(error: FanwireError): void {
    this.#connection.close(this.#hub.refuse(error));
  }

  drained(): void {
    void this.#connection.drained();
  }

  ended(): void {
    this.#connection.gone();
  }

  beat(): void {
    this.sink.ping();
  }

  close(reason: FanwireError | undefined): void {
    this.sink.close(reason);
  }

  abort(): void {
    this.sink.abort();
  }

  async #publish(data: Buffer, isBinary: boolean): Promise<void> {
    if (this.#connection.closed) return;
    const turn = { address: this.#connection.peer.address, pace: this.#pace };
    const takeTurn = () => waitForTurn(turn, 1, data.length, this.#hub.runtime);
    const message = { data, isBinary };
    this.sink.frame(
      await publishOn(this.#hub, this.#connection, this.#sender, this.#channels, message, takeTurn),
    );
  }
}
