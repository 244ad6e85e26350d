import type { Position } from '../../protocol/position.ts';
import type { Start } from '../../protocol/start.ts';
import type { Appended } from '../addition.ts';
import { appendOne } from '../append-one.ts';
import type { StoredGap } from '../gap.ts';
import type { IdempotencyKey } from '../idempotency-key.ts';
import type { Log, Page, PageLimit } from '../log.ts';
import type { StoredMessage } from '../message.ts';

export const PLENTY: PageLimit = { messages: 1000, bytes: 1_000_000 };

/** A key's scope and digest are those of its aliases as well. */
interface AppendSetup extends Omit<IdempotencyKey, 'name'> {
  readonly key?: string;
  readonly aliases?: readonly string[];
  readonly time?: number;
}

export function append(
  log: Log,
  channel: string,
  data: string,
  { key, aliases, time = Date.now(), ...more }: AppendSetup = {},
): Promise<Appended> {
  const message = { channel, type: undefined, time, payload: { kind: 'text', text: data } as const };
  const keyOf = (name: string): IdempotencyKey => ({ name, ...more });
  const known = {
    idempotencyKey: key === undefined ? undefined : keyOf(key),
    aliases: (aliases ?? []).map(keyOf),
  };
  return appendOne(log, { message, ...known });
}

/** Appends one after another; resolves with their positions. */
export async function appendAll(log: Log, channel: string, data: readonly string[]): Promise<Position[]> {
  const positions: Position[] = [];
  for (const one of data) positions.push(placeOf((await append(log, channel, one)).position));
  return positions;
}

/** The position alone: what a log answers with may be the whole message. */
export function placeOf({ epoch, sequence }: Position): Position {
  return { epoch, sequence };
}

export function after(position: Position): Start {
  return { kind: 'after', position };
}

export function messagesOf({ items }: Pick<Page, 'items'>): StoredMessage[] {
  return items.flatMap((item) => (item.kind === 'message' ? item.message : []));
}

export function gapsOf({ items }: Pick<Page, 'items'>): StoredGap[] {
  return items.flatMap((item) => (item.kind === 'gap' ? { ...item.gap, to: placeOf(item.gap.to) } : []));
}

/** What the messages say, in order. */
export function dataOf(page: Pick<Page, 'items'>): string[] {
  return messagesOf(page).map(({ payload }) => (payload.kind === 'binary' ? '' : payload.text));
}

/** Reads from page to page until there is no more. */
export async function readAll(
  log: Log,
  channels: readonly string[],
  start: Start,
  limit: PageLimit,
): Promise<Pick<Page, 'items' | 'position'>> {
  let page = await log.read(channels, start, limit);
  const items = [...page.items];
  while (page.more) {
    page = await log.read(channels, after(page.position), limit);
    items.push(...page.items);
  }
  return { items, position: page.position };
}
