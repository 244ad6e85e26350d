import { errors, type JWTVerifyOptions, jwtVerify } from 'jose';
import { FanwireError } from '../../protocol/errors.ts';
import type { Authorise } from './access.ts';
import { grantOf } from './claims.ts';
import { keySourceOf } from './keys.ts';

/** Which tokens to accept. Exactly one of `secret`, `publicKey` and `jwksUrl` is needed. */
export interface JwtOptions {
  /** For HS256. At least 32 bytes. */
  readonly secret?: string;
  /** PEM (SPKI), for RS256, ES256 or EdDSA. */
  readonly publicKey?: string;
  /** Where the issuer publishes its keys. Read anew every 10 minutes, and when a token names an unknown one. */
  readonly jwksUrl?: string;
  readonly issuer?: string;
  readonly audience?: string;
  /** Name of a cookie that may carry the token. */
  readonly cookie?: string;
  /** Name of a URL parameter that may carry the token. Off by default: URLs end up in log lines. */
  readonly urlParameter?: string;
}

/** By how much the issuer's clock and ours may differ when `exp` and `nbf` are checked. */
export const CLOCK_TOLERANCE_SECONDS = 5;

/**
 * Accepts signed tokens whose claim `fanwire` lists what they grant (see `claims.ts`). A request
 * without a token is nobody in particular.
 * @throws TypeError at once, for options that could never verify a token. The function it returns
 * throws FanwireError `unauthenticated` for a token that is not valid, saying which check failed, and
 * `authorisation_unavailable` while the issuer's keys can't be read
 */
export function createJwtAuthorise(options: JwtOptions): Authorise {
  const { keyFor, algorithms } = keySourceOf(options);
  const checks: JWTVerifyOptions = {
    algorithms,
    clockTolerance: CLOCK_TOLERANCE_SECONDS,
    ...(options.issuer === undefined ? {} : { issuer: options.issuer }),
    ...(options.audience === undefined ? {} : { audience: options.audience }),
  };
  return async ({ token }) => {
    if (token === undefined) return undefined;
    const { payload } = await jwtVerify(token, keyFor, checks).catch((error: unknown) => {
      if (!(error instanceof errors.JOSEError)) throw error;
      throw new FanwireError('unauthenticated', reasonOf(error, algorithms));
    });
    return grantOf(payload, CLOCK_TOLERANCE_SECONDS);
  };
}

/** What a client is told. It repeats neither the token nor its claims, so that logs may hold it. */
function reasonOf(error: errors.JOSEError, algorithms: readonly string[]): string {
  if (error instanceof errors.JWTExpired) {
    const since = new Date(Math.max(Number(error.payload.exp), 0) * 1000);
    return `the token expired at ${since.toISOString()}`;
  }
  if (error instanceof errors.JWTClaimValidationFailed) return `the token was refused: ${error.message}`;
  if (error instanceof errors.JOSEAlgNotAllowed) {
    return `the token's algorithm is not ${algorithms.join(' or ')}, which the hub's key is for`;
  }
  if (error instanceof errors.JWSSignatureVerificationFailed) {
    return "the token's signature is not by the hub's key";
  }
  if (error instanceof errors.JWKSNoMatchingKey) return "the issuer publishes no key that fits the token's";
  if (error instanceof errors.JWKSMultipleMatchingKeys) {
    return 'the issuer publishes several keys that fit: the token must name one by "kid" in its header';
  }
  return `the token is not a signed JWT: ${error.message}`;
}
