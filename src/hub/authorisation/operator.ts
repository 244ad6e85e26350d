import { createHash, timingSafeEqual } from 'node:crypto';
import type { Access } from './access.ts';
import { isOperatorChannel } from './operator-channel.ts';

export const OPERATOR_TOKEN_RULE = '16 characters or more of A-Z a-z 0-9 . _ ~ + / -';

/** Hard to guess, and fit for a bearer header (RFC 6750 section 2.1). */
export function isOperatorToken(token: unknown): token is string {
  return typeof token === 'string' && /^[A-Za-z0-9._~+/-]{16,}$/.test(token);
}

/** Recognises the operator's token, in the same time whatever is shown. */
export function operatorCheck(token: string): (shown: string | undefined) => boolean {
  const expected = digest(token);
  return (shown) => shown !== undefined && timingSafeEqual(digest(shown), expected);
}

/** What is left of an access that was given to everybody, once there is an operator. */
export function withoutOperatorChannels(access: Access): Access {
  return {
    ...access,
    mayRead: (channel) => !isOperatorChannel(channel) && access.mayRead(channel),
    mayPublish: (channel) => !isOperatorChannel(channel) && access.mayPublish(channel),
  };
}

// Of one length, as the comparison asks for.
function digest(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
