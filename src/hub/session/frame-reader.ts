import { CHANNEL_NAME_RULE, isChannelName } from '../../protocol/channel-name.ts';
import { FanwireError } from '../../protocol/errors.ts';
import type { ClientFrame } from '../../protocol/frames.ts';
import { IDEMPOTENCY_KEY_RULE, isIdempotencyKey } from '../../protocol/idempotency-key.ts';
import { isMessageType, MESSAGE_TYPE_RULE } from '../../protocol/message.ts';
import { isPageToken, PAGE_TOKEN_RULE } from '../../protocol/page-token.ts';
import { checkDepth } from '../publishing/json-check.ts';

type Members = Readonly<Record<string, unknown>>;

// A group for each four would take V8 beyond its stack at some megabytes: the length is looked at apart.
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;
const CLIENT_ID = /^[A-Za-z0-9_-]{8,64}$/;

/** A frame that is answered by its `ref`. */
export type FrameWithRef = Extract<ClientFrame, { readonly ref: number }>;

/** A frame that was not read, and why: the answer to its `ref`. */
export interface UnreadFrame {
  readonly ref: number;
  readonly fault: FanwireError;
}

export function isUnread(frame: ClientFrame | UnreadFrame): frame is UnreadFrame {
  // What a client sends may have a member of that name, but no error in it.
  return 'fault' in frame && frame.fault instanceof FanwireError;
}

/** What a frame is around a message's data: an object in an object. */
const FRAME_DEPTH = 2;
/** A number that is safe is no longer. */
const LEADING_REF = /^\s*\{\s*"ref"\s*:\s*(\d{1,15})\s*,/;
const HEAD_BYTES = 64;

/**
 * Reads a frame as a client sent it, and checks it as `checkFrame` does. One that nests too deep is not parsed; it fails
 * alone if its `ref` comes first.
 * @throws FanwireError `invalid_json`, `json_too_deep`, or `invalid_frame`, naming the member
 */
export function readFrame(bytes: Buffer, jsonDepth: number): ClientFrame | UnreadFrame {
  try {
    checkDepth(bytes, jsonDepth + FRAME_DEPTH);
  } catch (error) {
    const ref = LEADING_REF.exec(bytes.toString('latin1', 0, HEAD_BYTES))?.[1];
    if (ref === undefined) throw error;
    return { ref: Number(ref), fault: error as FanwireError };
  }
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString());
  } catch (error) {
    throw new FanwireError('invalid_json', `a frame is one JSON object: ${(error as Error).message}`);
  }
  return checkFrame(value);
}

/**
 * Checks a frame as far as it takes to know what it is. What is wrong beyond that is the answer to the
 * frame's `ref`, and no reason to refuse others: see `checkMembers`.
 * @throws FanwireError `invalid_frame`, naming the member
 */
export function checkFrame(value: unknown): ClientFrame {
  const frame = members(value, 'a frame');
  if ('hello' in frame) checkHello(frame.hello);
  else if ('ping' in frame) expect(typeof frame.ping === 'number', 'ping', 'a number');
  else if ('bye' in frame) expect(frame.bye === true, 'bye', 'true');
  else {
    const { ref } = frame;
    expect(Number.isSafeInteger(ref) && (ref as number) >= 0, 'ref', 'a whole number of 0 or more');
  }
  return value as ClientFrame;
}

/**
 * Checks what a frame asks for.
 * @throws FanwireError `invalid_frame` or `invalid_channel`, naming the member
 */
export function checkMembers(frame: FrameWithRef): void {
  if ('subscribe' in frame) checkSubscribe(frame.subscribe);
  else if ('unsubscribe' in frame) checkChannel(frame.unsubscribe, 'unsubscribe');
  else if ('publish' in frame) checkPublish(frame.publish);
  else if ('request' in frame) {
    const request = members(frame.request, 'request');
    expect(typeof request.method === 'string', 'request.method', 'a string');
  } else if ('presence' in frame) checkPresence(frame.presence);
  else if ('token' in frame) expect(typeof frame.token === 'string', 'token', 'a string');
  else
    throw new FanwireError(
      'invalid_frame',
      `unknown frame with the members ${Object.keys(frame).join(', ')}`,
    );
}

function checkHello(value: unknown): void {
  const hello = members(value, 'hello');
  const { client, token, wait, why } = hello;
  expect(typeof client === 'string' && CLIENT_ID.test(client), 'hello.client', '8 to 64 of A-Z a-z 0-9 _ -');
  expect(token === undefined || typeof token === 'string', 'hello.token', 'a string');
  expect(why === undefined || typeof why === 'string', 'hello.why', 'a text');
  expect(wait === undefined || (typeof wait === 'number' && wait >= 0), 'hello.wait', 'seconds, 0 or more');
}

function checkSubscribe(value: unknown): void {
  const { after, last } = checkChannel(value, 'subscribe');
  expect(after === undefined || typeof after === 'string', 'subscribe.after', 'a position, start or now');
  expect(
    last === undefined || (Number.isSafeInteger(last) && (last as number) > 0),
    'subscribe.last',
    'a whole number of 1 or more',
  );
  expect(after === undefined || last === undefined, 'subscribe', 'either after or last, not both');
}

function checkPresence(value: unknown): void {
  const { after, limit } = checkChannel(value, 'presence');
  expect(after === undefined || isPageToken(after), 'presence.after', PAGE_TOKEN_RULE);
  expect(
    limit === undefined || (Number.isSafeInteger(limit) && (limit as number) >= 0),
    'presence.limit',
    'a whole number of 0 or more',
  );
}

function checkPublish(value: unknown): void {
  const publish = checkChannel(value, 'publish');
  expect('data' in publish, 'publish.data', 'a JSON value');
  const { type, encoding, key, data, idempotencyKey } = publish;
  expect(
    type === undefined || (typeof type === 'string' && isMessageType(type)),
    'publish.type',
    MESSAGE_TYPE_RULE,
  );
  expect(key === undefined || typeof key === 'string', 'publish.key', 'a string');
  expect(
    idempotencyKey === undefined || isIdempotencyKey(idempotencyKey),
    'publish.idempotencyKey',
    IDEMPOTENCY_KEY_RULE,
  );
  expect(
    encoding === undefined || (encoding === 'base64' && isBase64(data)),
    'publish.encoding',
    'base64, with data a string of padded base64 (RFC 4648 section 4)',
  );
}

/** Checked, as Node decodes what it can and drops the rest. */
function isBase64(data: unknown): boolean {
  return typeof data === 'string' && data.length % 4 === 0 && BASE64.test(data);
}

function checkChannel(value: unknown, where: string): Members {
  const { channel } = members(value, where);
  expect(typeof channel === 'string', `${where}.channel`, 'a string');
  if (!isChannelName(channel as string)) {
    throw new FanwireError('invalid_channel', `${where}.channel: ${CHANNEL_NAME_RULE}`);
  }
  return value as Members;
}

function members(value: unknown, where: string): Members {
  expect(typeof value === 'object' && value !== null && !Array.isArray(value), where, 'a JSON object');
  return value as Members;
}

function expect(holds: boolean, where: string, what: string): void {
  if (!holds) throw new FanwireError('invalid_frame', `${where}: expected ${what}`);
}
