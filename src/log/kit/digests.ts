import { createHash } from 'node:crypto';
import type { IdempotencyKey } from '../idempotency-key.ts';
import type { MemberKey } from '../roster.ts';

/** A text of a client's, of any length and characters, as something that each engine takes for a name. */
export function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/** No two keys of any channels have the same: a space can't be part of a channel's name. */
export function keyNameOf(channel: string, { name }: IdempotencyKey): string {
  return `${channel} ${name}`;
}

/** No two members of any channels have the same, for the same reason. */
export function memberNameOf({ channel, client }: MemberKey): string {
  return `${channel} ${client}`;
}
