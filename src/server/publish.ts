import type { OutgoingHttpHeaders } from 'node:http';
import type { Publication } from '../hub/hub.ts';
import { scopedKey } from '../hub/scoped-key.ts';
import { jsonPayload, type Payload } from '../log/message.ts';
import { FanwireError } from '../protocol/errors.ts';
import { IDEMPOTENCY_KEY_RULE, isIdempotencyKey } from '../protocol/idempotency-key.ts';
import { isMessageType, MESSAGE_TYPE_RULE } from '../protocol/message.ts';
import { formatPosition } from '../protocol/position.ts';
import type { Caller, Exchange } from '../transports/exchange.ts';
import { assertUtf8, decodeText, mediaTypeOf, readBody } from './body.ts';
import type { Headers } from './origin.ts';
import { sendProblem } from './problem.ts';

const TAKEN = ['application/json', 'text/plain', 'application/octet-stream', 'application/x-ndjson'] as const;

/** `POST` on a channel: answers once the log has the message, or each message of the batch. */
export async function servePublish(
  exchange: Exchange,
  channel: string,
  query: URLSearchParams,
): Promise<void> {
  const { hub, caller, request, response, headers } = exchange;
  // Before its body is taken: who may not publish is not worth the memory.
  hub.assertMayPublish(caller.access, channel);
  const type = typeOf(query);
  const key = idempotencyKeyOf(request.headers['idempotency-key'], caller);
  const mediaType = takenTypeOf(request);
  const body = await readBody(exchange, hub.limits.bodyBytes);
  const batch = mediaType === 'application/x-ndjson';
  const payloads = mediaType === 'application/x-ndjson' ? linesOf(body) : [payloadIn(mediaType, body)];
  const conflationKey = query.get('key') ?? undefined;
  takeTurns(caller, payloads.length);

  const ids: string[] = [];
  for (const [index, payload] of payloads.entries()) {
    const publication: Publication = {
      channel,
      payload,
      type,
      conflationKey,
      key: key !== undefined && batch ? `${key}#${index}` : key,
    };
    try {
      ids.push(formatPosition((await hub.publishAs(caller.access, publication)).position));
    } catch (error) {
      if (!batch) throw error;
      // What was appended stays appended: the client is told how far it came.
      sendProblem(response, atLine(hub.refuse(error), index), headers, { ids });
      return;
    }
  }
  const answer = JSON.stringify(batch ? { ids } : { id: ids[0] });
  response.writeHead(201, headOf(headers, Buffer.byteLength(answer)));
  response.end(answer);
}

/** The last one made: positions keep their length for long, and an object is cheap to write only once V8 knows it. */
let made: { given: Headers; length: number; head: OutgoingHttpHeaders } | undefined;

function headOf(given: Headers, length: number): OutgoingHttpHeaders {
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

function takenTypeOf(request: Exchange['request']): (typeof TAKEN)[number] {
  const mediaType = mediaTypeOf(request);
  const taken = TAKEN.find((type) => type === mediaType);
  if (taken) return taken;
  throw new FanwireError(
    'unsupported_media_type',
    `Content-Type ${mediaType ? `is ${mediaType}` : 'is missing'}: send one of ${TAKEN.join(', ')} (a batch)`,
  );
}

function payloadIn(
  mediaType: 'application/json' | 'text/plain' | 'application/octet-stream',
  body: Buffer,
): Payload {
  switch (mediaType) {
    case 'application/json':
      return parsed(decodeText(body), '');
    case 'text/plain':
      return { kind: 'text', text: decodeText(body) };
    case 'application/octet-stream':
      return { kind: 'binary', bytes: body };
  }
}

/** All lines are checked before any is published. */
function linesOf(body: Buffer): Payload[] {
  assertUtf8(body);
  const payloads: Payload[] = [];
  for (let from = 0, number = 1; from < body.length; number++) {
    const end = body.indexOf(0x0a, from);
    const next = end === -1 ? body.length : end + 1;
    // Each decoded by itself: a line cut out of a text would keep the whole batch in memory as long as it is kept.
    const line = body.toString('utf8', from, next);
    if (line.trim() !== '') payloads.push(parsed(line, `line ${number}: `));
    from = next;
  }
  return payloads;
}

function parsed(text: string, where: string): Payload {
  try {
    JSON.parse(text);
  } catch (error) {
    throw new FanwireError('invalid_json', `${where}${(error as Error).message}`);
  }
  return jsonPayload(text);
}

function typeOf(query: URLSearchParams): string | undefined {
  const type = query.get('type') ?? undefined;
  if (type !== undefined && !isMessageType(type)) {
    throw new FanwireError('invalid_parameter', `type: ${MESSAGE_TYPE_RULE}`);
  }
  return type;
}

function idempotencyKeyOf(header: string | string[] | undefined, caller: Caller): string | undefined {
  if (header === undefined) return undefined;
  if (!isIdempotencyKey(header)) {
    throw new FanwireError('invalid_parameter', `Idempotency-Key: expected ${IDEMPOTENCY_KEY_RULE}`);
  }
  return scopedKey(caller.access, header);
}

function takeTurns(caller: Caller, count: number): void {
  const wait = caller.pace.take(caller.address, count);
  if (wait === 0) return;
  throw new FanwireError(
    'too_many_publishes',
    `more than the hub takes from one address in a second (publishesPerSecond): wait ${wait} s`,
    { retryAfter: wait },
  );
}

function atLine(error: FanwireError, index: number): FanwireError {
  const { retryAfter } = error;
  return new FanwireError(error.code, `message ${index + 1}: ${error.message}`, {
    ...(retryAfter === undefined ? {} : { retryAfter }),
  });
}
