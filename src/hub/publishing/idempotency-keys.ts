import { createHash } from 'node:crypto';
import type { IdempotencyKey } from '../../log/idempotency-key.ts';
import { type Payload, payloadSize } from '../../log/message.ts';
import type { PublishFrame } from '../../protocol/frames.ts';
import type { Access } from '../authorisation/access.ts';

/** Whose keys they are. */
export interface Publisher {
  readonly access: Access;
  /** What limits count an address by. */
  readonly network: string;
}

/** What counts as the same publish. */
interface Published {
  readonly type: string | undefined;
  readonly payload: Payload;
}

/** A key that begins with it counts wherever it comes from: it is as good as it is secret. */
const SECRET = '~';
/** Beyond so many characters OpenSSL is faster than what is compiled from here. */
const SHORT = 512;

/**
 * An idempotency key that a client chose. It belongs to a token's subject, or without one to a network, so that nobody
 * elsewhere can be first to use it, unless it says itself that nobody else knows it.
 */
export function chosenKey(
  { access, network }: Publisher,
  chosen: string,
  published: Published,
): IdempotencyKey {
  const { subject } = access;
  const name =
    subject !== undefined
      ? `subject ${subject.length} ${subject} ${chosen}`
      : chosen.startsWith(SECRET)
        ? chosen
        : `network ${network} ${chosen}`;
  return { name, scope: scopeOf(access, network), digest: strongDigest(published) };
}

/** The key of a publish that came as a frame. */
export function publishedKey(
  publisher: Publisher,
  client: string,
  { ref, publish: { type, idempotencyKey } }: PublishFrame,
  payload: Payload,
): IdempotencyKey {
  const published = { type, payload };
  return idempotencyKey === undefined
    ? frameKey(publisher, client, ref, published)
    : chosenKey(publisher, idempotencyKey, published);
}

/** The key of a frame: its client's id is a secret, which it has on every network. */
function frameKey(
  { access, network }: Publisher,
  client: string,
  ref: number,
  published: Published,
): IdempotencyKey {
  const { subject = '' } = access;
  const name = `client ${subject.length} ${subject} ${client}/${ref}`;
  return { name, scope: scopeOf(access, network), digest: quickDigest(published) };
}

/** The key of a publish from within the program. */
export function programKey(chosen: string, published: Published): IdempotencyKey {
  return { name: `program ${chosen}`, scope: 'program', digest: strongDigest(published) };
}

/** The key of what is told of presence: two nodes may tell of the same in other words. */
export function presenceKey(chosen: string): IdempotencyKey {
  return { name: `presence ${chosen}`, scope: 'presence' };
}

function scopeOf({ subject }: Access, network: string): string {
  return subject === undefined ? `network ${network}` : `subject ${subject}`;
}

function strongDigest({ type = '', payload }: Published): string {
  const hash = createHash('sha256').update(`${payload.kind} ${type} `);
  hash.update(payload.kind === 'binary' ? payload.bytes : payload.text);
  return hash.digest('base64url').slice(0, 22);
}

/**
 * Against a client's own mistakes, which is all that can meet it under a key that is its own: one that begins to count
 * again from 1, say. Every publish over the SDK's endpoint has it, so it has to cost next to nothing.
 */
function quickDigest(published: Published): string {
  const { type = '', payload } = published;
  if (payload.kind === 'binary' || payload.text.length > SHORT) return strongDigest(published);
  // FNV-1a over UTF-16, twice.
  let [one, other] = mixed(type, 0x811c9dc5, 0x9e3779b9);
  [one, other] = mixed(payload.text, one, other);
  return `${payload.kind}${payloadSize(payload)}.${one}.${other}`;
}

function mixed(text: string, one: number, other: number): [number, number] {
  let first = one;
  let second = other;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    first = Math.imul(first ^ unit, 0x01000193);
    second = Math.imul(second ^ unit, 0x5bd1e995);
  }
  return [first, second];
}
