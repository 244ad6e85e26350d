import { FanwireError } from '../../protocol/errors.ts';
import type { RequestContext } from '../options.ts';

/**
 * Channels about the hub itself, and patterns of them: where an operator's token is set, they are nobody else's, and a
 * grant of every channel does not reach them.
 */
export function isOperatorChannel(channel: string): boolean {
  return channel.startsWith('console:');
}

/** Whoever may read this channel about the hub itself is its operator. */
const OPERATORS_CHANNEL = 'console:commands';

/** @throws FanwireError `forbidden` */
export function assertOperator({ access }: Pick<RequestContext, 'access'>): void {
  if (access.mayRead(OPERATORS_CHANNEL)) return;
  throw new FanwireError('forbidden', 'this takes the operator’s token, or one that grants console:*');
}
