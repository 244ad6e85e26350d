import type { Access } from '../authorisation/access.ts';

/** An idempotency key as the log knows it: one subject's keys say nothing about another's, whatever they contain. */
export function scopedKey({ subject = '' }: Access, key: string): string {
  return `${subject.length}:${subject}/${key}`;
}
