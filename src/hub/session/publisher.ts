import { setTimeout as delay } from 'node:timers/promises';
import { type Payload, payloadOf } from '../../log/message.ts';
import { type ErrorCode, FanwireError } from '../../protocol/errors.ts';
import type { PublishFrame, PublishReply } from '../../protocol/frames.ts';
import { formatPosition } from '../../protocol/position.ts';
import type { Access, Credentials } from '../authorisation/access.ts';
import type { Peer } from '../connection.ts';
import type { Hub } from '../hub.ts';
import type { PublishPace } from '../publish-pace.ts';
import { scopedKey } from '../scoped-key.ts';

export interface SessionPeer extends Peer {
  readonly client: string;
  readonly credentials: Credentials;
  readonly pace: PublishPace;
}

/** Errors after which the same publish may go through later: those behind it must not overtake it. */
const PASSING: ReadonlySet<ErrorCode> = new Set(['log_unavailable', 'draining', 'too_many_publishes']);

/** A session's publishes, in their order and at the pace that its address has. */
export class Publisher {
  readonly #hub: Hub;
  readonly #peer: SessionPeer;
  /** The first publish that was refused for a passing reason; later ones are refused until it comes again. */
  #refused: { readonly ref: number; readonly error: FanwireError } | undefined;

  constructor(hub: Hub, peer: SessionPeer) {
    this.#hub = hub;
    this.#peer = peer;
  }

  /** @throws FanwireError as the hub refuses it */
  async publish(access: Access, { ref, publish }: PublishFrame): Promise<PublishReply> {
    if (this.#refused && ref > this.#refused.ref) throw this.#refused.error;
    this.#refused = undefined;
    // A turn is nothing to whoever has no right to it.
    this.#hub.assertMayPublish(access, publish.channel);
    await this.turn(1);
    try {
      const { position } = await this.#hub.publishAs(access, {
        channel: publish.channel,
        payload: publishedPayload(publish),
        type: publish.type,
        conflationKey: publish.key,
        key: scopedKey(access, publish.idempotencyKey ?? `${this.#peer.client}/${ref}`),
      });
      return { id: formatPosition(position) };
    } catch (error) {
      if (error instanceof FanwireError && PASSING.has(error.code)) this.#refused = { ref, error };
      throw error;
    }
  }

  /** Waits until so many messages may be published. */
  async turn(count: number): Promise<void> {
    const { address, pace } = this.#peer;
    for (let wait = pace.take(address, count); wait > 0; wait = pace.take(address, count)) {
      await delay(wait * 1000);
    }
  }
}

function publishedPayload({ data, encoding }: PublishFrame['publish']): Payload {
  return encoding === 'base64'
    ? { kind: 'binary', bytes: Buffer.from(data as string, 'base64') }
    : payloadOf(data);
}
