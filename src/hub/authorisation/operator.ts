import { createHash, timingSafeEqual } from 'node:crypto';
import { type Access, accessOf, type Grant, type House } from './access.ts';
import { isOperatorChannel } from './operator-channel.ts';
import { REFUSED } from './right.ts';
import type { RightRule } from './rules.ts';

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

/** What the operator may: all that the rules leave open to anybody. No function is asked about it. */
export function operatorAccess(ruleOf: House['ruleOf']): Access {
  const everything = ['*', 'console:*'];
  const grant: Grant = { subject: 'operator', read: everything, publish: everything };
  const leftOpen = ({ audience }: RightRule): RightRule => ({
    audience: audience === 'nobody' ? 'nobody' : 'granted',
    params: {},
  });
  const openRuleOf: House['ruleOf'] = (channel) => {
    const { read, publish } = ruleOf(channel);
    return { read: leftOpen(read), publish: leftOpen(publish) };
  };
  return accessOf(grant, { ruleOf: openRuleOf, open: false });
}

/** What is left of an access that was given to everybody, once there is an operator. */
export function withoutOperatorChannels(access: Access): Access {
  return {
    ...access,
    mayRead: (channel) => !isOperatorChannel(channel) && access.mayRead(channel),
    mayPublish: (channel) => !isOperatorChannel(channel) && access.mayPublish(channel),
    right: (kind, channel) => (isOperatorChannel(channel) ? REFUSED : access.right(kind, channel)),
  };
}

// Of one length, as the comparison asks for.
function digest(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
