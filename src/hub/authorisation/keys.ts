import { createPublicKey, createSecretKey, type KeyObject } from 'node:crypto';
import { createRemoteJWKSet, errors, type JWTVerifyGetKey } from 'jose';
import { FanwireError } from '../../protocol/errors.ts';
import type { JwtOptions } from './jwt.ts';

/** Whose signatures count. */
export interface KeySource {
  readonly keyFor: JWTVerifyGetKey;
  /** The only ones the key is for: a token's own header never chooses (RFC 8725 section 3.1). */
  readonly algorithms: string[];
}

export const KEYS_URL_RULE = 'an https URL; http is for this computer alone';

const JWKS_RETRY_SECONDS = 5;

const LOOPBACK_NAME = /^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\])$/;

/** Keys that somebody changes on their way let them make tokens: they have to come over TLS, or not leave the computer. */
export function isKeysUrl(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname } = new URL(address);
  return protocol === 'https:' || (protocol === 'http:' && LOOPBACK_NAME.test(hostname));
}

/** @throws TypeError for options that name no key, several, or one that is too weak or of another kind */
export function keySourceOf({ secret, publicKey, jwksUrl }: JwtOptions): KeySource {
  const given = [secret, publicKey, jwksUrl].filter((source) => source !== undefined).length;
  if (given !== 1) {
    throw new TypeError(
      `authorise takes one of secret, publicKey and jwksUrl, or a function; it has ${given}`,
    );
  }
  if (secret !== undefined) return secretSource(secret);
  if (publicKey !== undefined) return publicKeySource(publicKey);
  return jwksSource(jwksUrl!);
}

function secretSource(secret: string): KeySource {
  const key = createSecretKey(secret, 'utf8');
  const bytes = key.symmetricKeySize!;
  // RFC 7518 section 3.2: at least the hash's size. A shorter secret can be guessed offline from any token.
  if (bytes < 32) {
    throw new TypeError(
      `authorise.secret must be at least 32 bytes, not ${bytes}: make one by \`openssl rand -base64 32\``,
    );
  }
  return { keyFor: () => key, algorithms: ['HS256'] };
}

function publicKeySource(pem: string): KeySource {
  const key = publicKeyOf(pem);
  return { keyFor: () => key, algorithms: algorithmsOf(key) };
}

function publicKeyOf(pem: string): KeyObject {
  // Node would take a private key, too, and derive the public one. Here it is a mistake to be told of.
  if (!pem.includes('-----BEGIN PUBLIC KEY-----')) {
    throw new TypeError('authorise.publicKey must be a public key in PEM (SPKI): -----BEGIN PUBLIC KEY-----');
  }
  try {
    return createPublicKey(pem);
  } catch (cause) {
    throw new TypeError('authorise.publicKey is not a readable public key in PEM (SPKI)', { cause });
  }
}

function algorithmsOf({ asymmetricKeyType: type, asymmetricKeyDetails: details = {} }: KeyObject): string[] {
  if (type === 'rsa' && details.modulusLength! >= 2048) return ['RS256'];
  if (type === 'ec' && details.namedCurve === 'prime256v1') return ['ES256'];
  // RFC 9864 gave the algorithm that RFC 8037 calls EdDSA the name of its curve.
  if (type === 'ed25519') return ['EdDSA', 'Ed25519'];
  throw new TypeError(
    'authorise.publicKey must be RSA of at least 2,048 bits (RS256), P-256 (ES256) or Ed25519 (EdDSA)',
  );
}

function jwksSource(address: string): KeySource {
  if (!isKeysUrl(address)) throw new TypeError(`authorise.jwksUrl must be ${KEYS_URL_RULE}`);
  const keys = createRemoteJWKSet(new URL(address));
  return {
    keyFor: (header, token) =>
      keys(header, token).catch((cause: unknown) => {
        throw isTokensFault(cause) ? cause : unreadable(cause);
      }),
    algorithms: ['RS256', 'ES256', 'EdDSA', 'Ed25519'],
  };
}

function isTokensFault(error: unknown): boolean {
  return error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys;
}

/** Not `unauthenticated`: the client would give up a token that may well be good. */
function unreadable(cause: unknown): FanwireError {
  const detail = "the issuer's keys can't be read just now";
  return new FanwireError('authorisation_unavailable', detail, { retryAfter: JWKS_RETRY_SECONDS, cause });
}
