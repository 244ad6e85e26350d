import { setTimeout as delay } from 'node:timers/promises';
import { jsonPayload, type Payload } from '../../log/message.ts';
import { FanwireError } from '../../protocol/errors.ts';
import { formatPosition, type Position } from '../../protocol/position.ts';
import type { Start } from '../../protocol/start.ts';
import type { Handshake } from '../exchange.ts';
import { capabilities } from './capabilities.ts';
import { channelFormat } from './format.ts';
import { acceptWebSocket, WebSocketLink } from './link.ts';

/** What may stand in a frame beside the payload, which has a limit of its own and an answer that names it. */
const FRAME_SLACK = 64 * 1024;

/** A plain WebSocket on a channel: reads its messages, and publishes each frame it sends. */
export async function serveChannelSocket(
  handshake: Handshake,
  channels: readonly string[],
  start: Start,
): Promise<void> {
  const { hub, caller } = handshake;
  const position = start.kind === 'now' ? await hub.position(channels) : undefined;
  acceptWebSocket(handshake, hub.limits.messageBytes + FRAME_SLACK, (webSocket) => {
    let waiting = 0;
    let tail: Promise<void> = Promise.resolve();
    const link = new WebSocketLink(handshake, webSocket, channelFormat, {
      message(data, isBinary) {
        waiting += 1;
        if (waiting >= hub.limits.framesInFlight) link.pauseReading();
        tail = tail
          .then(() => publish(data, isBinary))
          .then(() => {
            waiting -= 1;
            link.resumeReading();
          });
      },
      drained: () => void connection.drained(),
      ended: () => connection.gone(),
    });
    const connection = hub.connect(
      { transport: capabilities.name, address: caller.address, access: caller.access },
      {
        sink: link,
        beat: () => link.ping(),
        close: (reason) => link.close(reason),
        abort: () => link.abort(),
      },
    );

    async function publish(data: Buffer, isBinary: boolean): Promise<void> {
      if (connection.closed) return;
      try {
        for (let wait = caller.takePublish(); wait > 0; wait = caller.takePublish()) await delay(wait * 1000);
        const payload = isBinary ? ({ kind: 'binary', bytes: data } as const) : readJson(data);
        const appended = await hub.publishAs(connection.access, {
          channel: onlyChannel(channels),
          payload,
          type: undefined,
          conflationKey: undefined,
          key: undefined,
        });
        link.frame(JSON.stringify({ ack: { id: formatPosition(appended.position) } }));
      } catch (error) {
        link.frame(JSON.stringify({ error: hub.refuse(error).toJSON() }));
      }
    }

    const from: Start = position ? { kind: 'after', position } : start;
    const tell = (reached: Position | undefined) => {
      if (reached) link.frame(JSON.stringify({ heartbeat: { position: formatPosition(reached) } }));
    };
    if (from.kind === 'after') tell(from.position);
    const cursor = connection.open(channels, from);
    void cursor.resume().then(() => {
      // A history that turned out empty has shown no place to resume from.
      if (from.kind !== 'after' && cursor.live) tell(connection.position);
    });
  });
}

function onlyChannel(channels: readonly string[]): string {
  if (channels.length === 1) return channels[0]!;
  throw new FanwireError('invalid_channel', 'to publish, open a WebSocket on one channel');
}

function readJson(data: Buffer): Payload {
  const text = data.toString();
  try {
    JSON.parse(text);
  } catch (error) {
    throw new FanwireError(
      'invalid_json',
      `a text frame must be one JSON value, such as "hello" with its quotes: ${(error as Error).message}`,
    );
  }
  return jsonPayload(text);
}
