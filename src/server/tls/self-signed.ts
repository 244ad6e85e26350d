import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import type { Certificate } from './certificate.ts';
import { bitString, explicit, integer, objectId, octets, sequence, set, tagged, time, utf8 } from './der.ts';
import type { KeyPair } from './key-pair.ts';

/** Clocks differ: it has been valid for an hour. */
const BEFORE_MS = 3_600_000;
/** A browser takes one by its hash only if it is valid for 14 days at most (W3C WebTransport section 6.9). */
const VALID_MS = 13 * 86_400_000;
const RENEWED_MS = 10 * 86_400_000;

const ECDSA_WITH_SHA256 = '2a8648ce3d040302';
const COMMON_NAME = '550403';
const SUBJECT_ALT_NAME = '551d11';

/** Choices within a subject's alternative names (RFC 5280 section 4.2.1.6). */
const DNS_NAME = 0x82;
const IP_ADDRESS = 0x87;

const LOOPBACK_4 = Buffer.of(127, 0, 0, 1);
const LOOPBACK_6 = Buffer.concat([Buffer.alloc(15), Buffer.of(1)]);

/** A certificate for loopback that is made here and renewed before it runs out. */
export function selfSigned(): Certificate {
  return {
    pair: makeSelfSigned(),
    follow(renewed) {
      const timer = setInterval(() => renewed(makeSelfSigned()), RENEWED_MS).unref();
      return () => clearInterval(timer);
    },
  };
}

/**
 * An X.509 certificate for loopback (RFC 5280 section 4.1) of P-256, signed with its own key.
 * @param name whom it is of
 */
export function makeSelfSigned(name = 'localhost', now = Date.now()): KeyPair {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const algorithm = sequence(objectId(ECDSA_WITH_SHA256));
  const subject = sequence(set(sequence(objectId(COMMON_NAME), utf8(name))));
  const names = sequence(
    tagged(DNS_NAME, Buffer.from('localhost')),
    tagged(IP_ADDRESS, LOOPBACK_4),
    tagged(IP_ADDRESS, LOOPBACK_6),
  );
  const toBeSigned = sequence(
    // The version, 3, which has extensions.
    explicit(0, integer(Buffer.of(2))),
    // Positive, as its first byte is no larger than 127.
    integer(Buffer.concat([Buffer.of(1), randomBytes(15)])),
    algorithm,
    subject,
    sequence(time(now - BEFORE_MS), time(now - BEFORE_MS + VALID_MS)),
    subject,
    publicKey.export({ type: 'spki', format: 'der' }),
    explicit(3, sequence(sequence(objectId(SUBJECT_ALT_NAME), octets(names)))),
  );
  const der = sequence(toBeSigned, algorithm, bitString(sign('sha256', toBeSigned, privateKey)));
  const lines = der.toString('base64').replace(/.{64}(?=.)/g, '$&\n');
  return {
    cert: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
  };
}
