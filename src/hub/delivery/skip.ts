import type { Log, Page } from '../../log/log.ts';
import type { Position } from '../../protocol/position.ts';

/** The newest message, and the one before it, by whose place the gap ends. */
const NEWEST = { kind: 'last', count: 2 } as const;
const BOTH = { messages: NEWEST.count, bytes: 2 ** 30 };

/**
 * A channel's newest message, with a gap for what lies between a position and that. Undefined where nothing has to be
 * skipped, or the log itself has something to tell: then the channel is to be read on from the position.
 */
export async function skipToNewest(
  log: Pick<Log, 'read'>,
  channel: string,
  from: Position,
): Promise<Page | undefined> {
  const { items, position, more } = await log.read([channel], NEWEST, BOTH);
  const [skipped, newest] = items;
  if (skipped?.kind !== 'message' || newest?.kind !== 'message') return undefined;
  const { epoch, sequence } = skipped.message;
  if (epoch !== from.epoch || sequence <= from.sequence) return undefined;
  const gap = { channel, from, to: { epoch, sequence }, reason: 'skipped' } as const;
  return { items: [{ kind: 'gap', gap }, newest], position, more };
}
