import { checkPublish } from '../hub/authorisation/check-rights.ts';
import type { Hub } from '../hub/hub.ts';
import { chosenKey } from '../hub/publishing/idempotency-keys.ts';
import { isSpace, skipSpace } from '../hub/publishing/json-check.ts';
import { jsonMessage } from '../hub/publishing/json-message.ts';
import type { Publication } from '../hub/publishing/publication.ts';
import { assertConflationKey, assertMessageSize } from '../hub/publishing/publish-limits.ts';
import { TimeSlice } from '../hub/time-slice.ts';
import type { Payload } from '../log/message.ts';
import { FanwireError } from '../protocol/errors.ts';
import { IDEMPOTENCY_KEY_RULE, isIdempotencyKey } from '../protocol/idempotency-key.ts';
import type { Limits } from '../protocol/limits.ts';
import { isMessageType, MESSAGE_TYPE_RULE } from '../protocol/message.ts';
import { formatPosition } from '../protocol/position.ts';
import type { Caller } from '../transports/caller.ts';
import type { Head } from '../transports/exchange.ts';
import { assertUtf8, mediaTypeOf, readBody } from './body.ts';
import type { Headers } from './origin.ts';
import type { RequestHead } from './request-head.ts';
import type { ServerExchange } from './server-exchange.ts';

const TAKEN = ['application/json', 'text/plain', 'application/octet-stream', 'application/x-ndjson'] as const;
type MediaType = (typeof TAKEN)[number];

/** `POST` on a channel: answers once the log has the message, or each message of the batch. */
export async function servePublish(
  exchange: ServerExchange,
  channel: string,
  query: URLSearchParams,
): Promise<void> {
  const { hub, caller, request } = exchange;
  // Before its body is taken: who may not publish is not worth the memory.
  const asked = checkPublish(caller.access, channel);
  if (asked) {
    await asked;
    // Its end has been told of already: nobody would hear of it in the reading of the body.
    if (exchange.abandoned) return;
  }
  const type = typeOf(query);
  const chosen = idempotencyKeyOf(request.headers['idempotency-key']);
  const mediaType = takenTypeOf(request);
  const conflationKey = conflationKeyOf(hub, query);
  const body = await readBody(exchange, hub.limits.bodyBytes);
  const batch = mediaType === 'application/x-ndjson';
  if (mediaType !== 'application/octet-stream') assertUtf8(body);
  // Counted, measured and paid for before any is read: what is refused costs next to nothing.
  const parts = batch ? linesOf(body, hub.limits) : [partOf(mediaType, body)];
  for (const part of parts) {
    const bytes = part.to - part.from;
    if (bytes > hub.limits.messageBytes) assertMessageSize(hub.limits, bytes, placeOf(part));
  }
  takeTurns(caller, parts.length, body.length);

  const slice = new TimeSlice();
  const payloads: Payload[] = [];
  // All lines are checked before any is published.
  for (const part of parts) {
    if (slice.isOver) await slice.next();
    payloads.push(payloadIn(mediaType, body, part, hub.limits));
  }

  const publications: Publication[] = [];
  for (const [index, payload] of payloads.entries()) {
    if (slice.isOver) await slice.next();
    const idempotencyKey =
      chosen === undefined
        ? undefined
        : chosenKey(caller, batch ? `${chosen}#${index}` : chosen, { type, payload });
    publications.push({ channel, payload, type, conflationKey, idempotencyKey });
  }
  if (batch) await answerBatch(exchange, publications);
  else {
    const { position } = await hub.publishAs(caller.access, caller.credentials, publications[0]!);
    answer(exchange, { id: formatPosition(position) });
  }
}

/** An appended line stays appended, though another line was refused: the answer names both. */
async function answerBatch(exchange: ServerExchange, publications: readonly Publication[]): Promise<void> {
  const { hub, caller } = exchange;
  const outcomes = await hub.publishAllAs(caller.access, caller.credentials, publications);
  const ids = publications.map((_, index) => {
    const outcome = outcomes[index];
    return outcome && 'position' in outcome ? formatPosition(outcome.position) : null;
  });
  for (const [index, outcome] of outcomes.entries()) {
    if (!(outcome instanceof FanwireError)) continue;
    exchange.sendProblem(atLine(hub.refuse(outcome), index), { ids });
    return;
  }
  answer(exchange, { ids });
}

function answer(exchange: ServerExchange, said: object): void {
  const text = JSON.stringify(said);
  exchange.send(201, headOf(exchange.headers, Buffer.byteLength(text)), text);
}

/** The last one made: positions keep their length for long, and an object is cheap to write only once V8 knows it. */
let made: { given: Headers; length: number; head: Head } | undefined;

function headOf(given: Headers, length: number): Head {
  if (made?.given === given && made.length === length) return made.head;
  const head = {
    ...given,
    'Content-Type': 'application/json',
    'Content-Length': length,
    'Cache-Control': 'no-store',
  };
  made = { given, length, head };
  return head;
}

function takenTypeOf(request: RequestHead): MediaType {
  const mediaType = mediaTypeOf(request);
  const taken = TAKEN.find((type) => type === mediaType);
  if (taken) return taken;
  throw new FanwireError(
    'unsupported_media_type',
    `Content-Type ${mediaType ? `is ${mediaType}` : 'is missing'}: send one of ${TAKEN.join(', ')} (a batch)`,
  );
}

/** A message's place in a body. */
interface Part {
  readonly from: number;
  readonly to: number;
  /** Its line in a batch; 0 for what is none. */
  readonly line: number;
}

/** Where a part stands, for errors. */
function placeOf({ line }: Part): string {
  return line === 0 ? '' : `line ${line}: `;
}

function payloadIn(mediaType: MediaType, body: Buffer, part: Part, limits: Limits): Payload {
  switch (mediaType) {
    case 'application/json':
    case 'application/x-ndjson':
      return readJson(body, part, limits);
    case 'text/plain':
      return { kind: 'text', text: body.toString() };
    case 'application/octet-stream':
      return { kind: 'binary', bytes: body };
  }
}

function readJson(body: Buffer, part: Part, { jsonDepth }: Limits): Payload {
  try {
    return jsonMessage(body, part.from, part.to, jsonDepth);
  } catch (error) {
    if (part.line === 0 || !(error instanceof FanwireError)) throw error;
    throw new FanwireError(error.code, `${placeOf(part)}${error.message}`);
  }
}

function partOf(mediaType: MediaType, body: Buffer): Part {
  return mediaType === 'application/json'
    ? trimmed(body, 0, body.length, 0)
    : { from: 0, to: body.length, line: 0 };
}

/** The lines of a batch that are not blank. */
function linesOf(body: Buffer, { messagesPerRequest: maxMessages }: Limits): Part[] {
  const lines: Part[] = [];
  for (let from = 0, number = 1; from < body.length; number++) {
    const end = body.indexOf(0x0a, from);
    const next = end === -1 ? body.length : end + 1;
    const line = trimmed(body, from, next, number);
    if (line.from < line.to && lines.push(line) > maxMessages) {
      throw new FanwireError(
        'batch_too_large',
        `a batch takes ${maxMessages} messages (messagesPerRequest): send it in parts`,
      );
    }
    from = next;
  }
  return lines;
}

function trimmed(body: Buffer, start: number, end: number, line: number): Part {
  const from = skipSpace(body, start, end);
  let to = end;
  while (to > from && isSpace(body[to - 1]!)) to--;
  return { from, to, line };
}

function typeOf(query: URLSearchParams): string | undefined {
  const type = query.get('type') ?? undefined;
  if (type !== undefined && !isMessageType(type)) {
    throw new FanwireError('invalid_parameter', `type: ${MESSAGE_TYPE_RULE}`);
  }
  return type;
}

function conflationKeyOf(hub: Hub, query: URLSearchParams): string | undefined {
  const conflationKey = query.get('key') ?? undefined;
  assertConflationKey(hub.limits, conflationKey);
  return conflationKey;
}

function idempotencyKeyOf(header: string | string[] | undefined): string | undefined {
  if (header === undefined) return undefined;
  if (!isIdempotencyKey(header)) {
    throw new FanwireError('invalid_parameter', `Idempotency-Key: expected ${IDEMPOTENCY_KEY_RULE}`);
  }
  return header;
}

/** @throws FanwireError `too_many_publishes`: a request does not wait for its turn */
export function takeTurns(caller: Caller, messages: number, bytes: number): void {
  const wait = caller.pace.take(caller.address, messages, bytes);
  if (wait === 0) return;
  throw new FanwireError(
    'too_many_publishes',
    'more than the hub takes from one address in a second (publishesPerSecond, publishBytesPerSecond): ' +
      `wait ${wait} s`,
    { retryAfter: wait },
  );
}

function atLine(error: FanwireError, index: number): FanwireError {
  return new FanwireError(error.code, `message ${index + 1}: ${error.message}`, error);
}
