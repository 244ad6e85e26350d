import { checkPublish } from '../hub/authorisation/check-rights.ts';
import type { Connection } from '../hub/connections/connection.ts';
import type { Hub } from '../hub/hub.ts';
import { jsonMessage } from '../hub/publishing/json-message.ts';
import type { Sender } from '../hub/publishing/publication.ts';
import { assertMessageSize } from '../hub/publishing/publish-limits.ts';
import type { Payload } from '../log/message.ts';
import { FanwireError } from '../protocol/errors.ts';
import { formatPosition } from '../protocol/position.ts';

/** What a client has sent on a connection that also reads. */
export interface DuplexMessage {
  readonly data: Buffer;
  readonly isBinary: boolean;
}

/**
 * Publishes what came on a connection of a channel's URL.
 * @param takeTurn waits for the publisher's turn, or throws
 * @returns the frame that answers it, as JSON
 */
export async function publishOn(
  hub: Hub,
  connection: Connection,
  sender: Sender,
  channels: readonly string[],
  { data, isBinary }: DuplexMessage,
  takeTurn: () => Promise<void> | void,
): Promise<string> {
  try {
    const channel = onlyChannel(channels);
    const asked = checkPublish(connection.access, channel);
    if (asked) await asked;
    assertMessageSize(hub.limits, data.length);
    await takeTurn();
    const { position } = await hub.publishAs(connection.access, sender, {
      channel,
      payload: isBinary ? { kind: 'binary', bytes: data } : readJson(data, hub.limits.jsonDepth),
      type: undefined,
      conflationKey: undefined,
      idempotencyKey: undefined,
    });
    return JSON.stringify({ ack: { id: formatPosition(position) } });
  } catch (error) {
    return JSON.stringify({ error: hub.refuse(error).toJSON() });
  }
}

function onlyChannel(channels: readonly string[]): string {
  if (channels.length === 1) return channels[0]!;
  throw new FanwireError('invalid_channel', 'to publish, connect to one channel');
}

function readJson(data: Buffer, maxDepth: number): Payload {
  try {
    return jsonMessage(data, 0, data.length, maxDepth);
  } catch (error) {
    const { code, message } = error as FanwireError;
    if (code !== 'invalid_json') throw error;
    throw new FanwireError(
      code,
      `a message must be one JSON value, such as "hello" with its quotes: ${message}`,
    );
  }
}
