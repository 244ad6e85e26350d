import type { HandlerContext } from '@connectrpc/connect';
import type { Access } from '../hub/authorisation/access.ts';
import { checkPublish } from '../hub/authorisation/check-rights.ts';
import type { Connection, Outlet } from '../hub/connections/connection.ts';
import type { Sink } from '../hub/delivery/sink.ts';
import { chosenKey } from '../hub/publishing/idempotency-keys.ts';
import type { Publication } from '../hub/publishing/publication.ts';
import { assertConflationKey, assertMessageSize } from '../hub/publishing/publish-limits.ts';
import { waitForTurn } from '../hub/publishing/publish-pace.ts';
import { FanwireError } from '../protocol/errors.ts';
import { IDEMPOTENCY_KEY_RULE, isIdempotencyKey } from '../protocol/idempotency-key.ts';
import { isMessageType, MESSAGE_TYPE_RULE } from '../protocol/message.ts';
import { formatPosition } from '../protocol/position.ts';
import { namedChannels } from '../server/channel-url.ts';
import { takeTurns } from '../server/publish.ts';
import { type Call, callOf, refusalOf } from './call.ts';
import { CallEnd } from './call-end.ts';
import type { PublishRequest } from './gen/fanwire/v1/hub_pb.ts';
import { publishedPayload } from './published-payload.ts';

export async function publish(request: PublishRequest, context: HandlerContext): Promise<{ id: string }> {
  const call = callOf(context);
  const { hub, caller } = call.exchange;
  try {
    const publication = await publicationOf(call, caller.access, request);
    takeTurns(caller, 1, request.data.length);
    return {
      id: formatPosition((await hub.publishAs(caller.access, caller.credentials, publication)).position),
    };
  } catch (error) {
    throw refusalOf(call, error);
  }
}

/** One message after another: each is read once the one before is in the log, so that a fast client waits. */
export async function publishStream(
  requests: AsyncIterable<PublishRequest>,
  context: HandlerContext,
): Promise<{ published: bigint; id: string }> {
  const call = callOf(context);
  const publishing = new PublishingCall(call, context);
  try {
    await Promise.race([publishing.take(requests), publishing.end.ended()]);
    const { published, id } = publishing;
    return { published: BigInt(published), id };
  } catch (error) {
    const { published, id } = publishing;
    throw refusalOf(call, error, { published: String(published), id });
  } finally {
    publishing.over();
  }
}

/** It reads nothing. */
const SILENT: Sink = { format: { encode() {}, join() {} }, writable: true, write() {} };

/** A client that publishes on one call for as long as it likes: it is listed, moved and expires like those that read. */
class PublishingCall implements Outlet {
  readonly sink = SILENT;
  readonly end: CallEnd;
  readonly #call: Call;
  readonly #connection: Connection;
  published = 0;
  /** The position of the last one. */
  id = '';

  constructor(call: Call, context: HandlerContext) {
    const { hub, caller } = call.exchange;
    this.#call = call;
    this.end = new CallEnd(call, context);
    const { protocolName: transport } = context;
    this.#connection = hub.connect({ transport, address: caller.address, access: caller.access }, this);
  }

  async take(requests: AsyncIterable<PublishRequest>): Promise<void> {
    const { exchange, body } = this.#call;
    const { hub, caller } = exchange;
    for await (const request of requests) {
      if (this.#connection.closed) return;
      const { access } = this.#connection;
      const publication = await publicationOf(this.#call, access, request);
      await waitForTurn(caller, 1, request.data.length, hub.runtime);
      this.id = formatPosition((await hub.publishAs(access, caller.credentials, publication)).position);
      this.published += 1;
      body.handled();
    }
  }

  over(): void {
    this.#connection.gone();
  }

  close(reason: FanwireError | undefined): void {
    this.end.close(reason);
  }

  abort(): void {
    this.#call.exchange.abort();
  }
}

/** @throws FanwireError for what may not be published, naming the member */
async function publicationOf(
  { exchange: { hub, caller } }: Call,
  access: Access,
  request: PublishRequest,
): Promise<Publication> {
  const { data, contentType, key, idempotencyKey } = request;
  const [channel] = namedChannels([request.channel], hub.limits) as [string];
  // What may not be published is not worth reading.
  const asked = checkPublish(access, channel);
  if (asked) await asked;
  const type = request.type || undefined;
  if (type !== undefined && !isMessageType(type)) {
    throw new FanwireError('invalid_parameter', `type: ${MESSAGE_TYPE_RULE}`);
  }
  assertConflationKey(hub.limits, key);
  if (idempotencyKey !== '' && !isIdempotencyKey(idempotencyKey)) {
    throw new FanwireError('invalid_parameter', `idempotency_key: expected ${IDEMPOTENCY_KEY_RULE}`);
  }
  assertMessageSize(hub.limits, data.length);
  const payload = publishedPayload(data, contentType, hub.limits);
  return {
    channel,
    payload,
    type,
    conflationKey: key || undefined,
    idempotencyKey:
      idempotencyKey === ''
        ? undefined
        : chosenKey({ access, network: caller.network }, idempotencyKey, { type, payload }),
  };
}
