import { payloadSize } from '../../log/message.ts';
import { type ErrorCode, FanwireError } from '../../protocol/errors.ts';
import type { PublishFrame, PublishReply } from '../../protocol/frames.ts';
import { formatPosition } from '../../protocol/position.ts';
import type { Access, Credentials } from '../authorisation/access.ts';
import { checkPublish } from '../authorisation/check-rights.ts';
import type { Peer } from '../connections/connection.ts';
import type { Hub } from '../hub.ts';
import type { PublicId } from '../presence/public-id.ts';
import { publishedKey } from '../publishing/idempotency-keys.ts';
import type { Sender } from '../publishing/publication.ts';
import { assertConflationKey, assertMessageSize } from '../publishing/publish-limits.ts';
import { type PublishPace, waitForTurn } from '../publishing/publish-pace.ts';
import { publishedPayload } from './published-payload.ts';

export interface SessionPeer extends Peer {
  readonly client: string;
  readonly credentials: Credentials;
  /** What limits count its address by. */
  readonly network: string;
  readonly pace: PublishPace;
}

/** Errors after which the same publish may go through later: those behind it must not overtake it. */
const PASSING: ReadonlySet<ErrorCode> = new Set([
  'log_unavailable',
  'authorisation_unavailable',
  'draining',
  'too_many_publishes',
]);

/** A session's publishes, in their order and at the pace that its address has. */
export class Publisher {
  readonly #hub: Hub;
  readonly #peer: SessionPeer;
  /** Why a publish was refused for a passing reason: as are those behind it, until the client begins again. */
  #refused: FanwireError | undefined;
  /** Of the newest publish that came. */
  #ref = -1;
  readonly #sender: Sender;
  readonly #publicId: PublicId;

  constructor(hub: Hub, peer: SessionPeer, publicId: PublicId) {
    this.#hub = hub;
    this.#peer = peer;
    this.#publicId = publicId;
    const { client, credentials } = peer;
    this.#sender = { client, address: credentials.address, headers: credentials.headers };
  }

  /** @throws FanwireError as the hub refuses it */
  async publish(access: Access, { ref, publish }: PublishFrame): Promise<PublishReply> {
    // Not at the one that was refused: it may have come through on another connection, or been given up.
    if (ref <= this.#ref) this.#refused = undefined;
    this.#ref = ref;
    if (this.#refused) throw this.#refused;
    try {
      return await this.#publish(access, { ref, publish });
    } catch (error) {
      if (error instanceof FanwireError && PASSING.has(error.code)) this.#refused = error;
      throw error;
    }
  }

  async #publish(access: Access, { ref, publish }: PublishFrame): Promise<PublishReply> {
    const { client, network } = this.#peer;
    const { channel } = publish;
    // A turn is nothing to whoever has no right to it.
    const asked = checkPublish(access, channel);
    if (asked) await asked;
    assertConflationKey(this.#hub.limits, publish.key);
    const payload = publishedPayload(publish);
    const bytes = payloadSize(payload);
    assertMessageSize(this.#hub.limits, bytes);
    await waitForTurn(this.#peer, 1, bytes, this.#hub.runtime);
    const { position } = await this.#hub.publishAs(access, this.#sender, {
      channel,
      payload,
      type: publish.type,
      from: this.#hub.rule(channel).from ? this.#publicId.of(access.subject) : undefined,
      conflationKey: publish.key,
      idempotencyKey: publishedKey({ access, network }, client, { ref, publish }, payload),
    });
    return { id: formatPosition(position) };
  }
}
