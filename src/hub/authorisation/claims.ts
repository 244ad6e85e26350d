import type { JWTPayload } from 'jose';
import { CHANNEL_PATTERN_RULE, channelPatternFault } from '../../protocol/channel-pattern.ts';
import { FanwireError } from '../../protocol/errors.ts';
import type { Grant } from './access.ts';

/**
 * What a verified token grants, as its claims say:
 * `{"sub": "ada", "exp": 1767225600, "fanwire": {"read": ["scores", "chat.*"], "publish": ["chat.*"]}}`.
 * A list that is left out grants nothing, the pattern `*` grants every channel.
 * @throws FanwireError `unauthenticated`, naming the member and what was expected: a typing error in
 * the issuer must not look like a grant that is merely too small
 */
export function grantOf(claims: JWTPayload, clockToleranceSeconds: number): Grant {
  const { sub, exp, iat = 0, fanwire = {} } = claims;
  if (sub !== undefined && typeof sub !== 'string') throw malformed('sub', 'a string');
  if (!isObject(fanwire)) throw malformed('fanwire', 'an object such as {"read": ["chat.*"], "publish": []}');
  return {
    ...(sub === undefined ? {} : { subject: sub }),
    ...patternsOf('read', fanwire.read),
    ...patternsOf('publish', fanwire.publish),
    claims,
    // One that does not say when it was issued may be of any time.
    issuedAt: iat * 1000,
    // The same tolerance as on verifying, or a token just accepted would end its connection at once.
    ...(exp === undefined ? {} : { expiresAt: (exp + clockToleranceSeconds) * 1000 }),
  };
}

function patternsOf(member: 'read' | 'publish', list: unknown): Pick<Grant, 'read' | 'publish'> {
  if (list === undefined) return {};
  if (!Array.isArray(list))
    throw malformed(`fanwire.${member}`, 'a list of channel patterns, such as ["chat.*"]');
  list.forEach((pattern: unknown, index) => {
    const fault = typeof pattern === 'string' ? channelPatternFault(pattern) : CHANNEL_PATTERN_RULE;
    if (fault !== undefined) throw malformed(`fanwire.${member}[${index}]`, `a pattern (${fault})`);
  });
  return { [member]: list };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function malformed(claim: string, expected: string): FanwireError {
  return new FanwireError('unauthenticated', `the token's claim ${claim} must be ${expected}`);
}
