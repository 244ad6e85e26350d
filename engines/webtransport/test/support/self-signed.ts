import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';

const HOUR_MS = 3_600_000;
/** W3C WebTransport allows 14 days at most to a certificate that is known by its hash, and an ECDSA key of P-256. */
const DAYS = 13;

/** For loopback. */
export interface SelfSigned {
  cert: string;
  key: string;
  /** SHA-256 of the certificate, as `serverCertificateHashes` takes it. */
  hash: Uint8Array<ArrayBuffer>;
}

/** A certificate for localhost and 127.0.0.1, written in DER by hand: tests need no OpenSSL for it. */
export function selfSigned(days = DAYS): SelfSigned {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const ecdsaWithSha256 = sequence(identifier('2a8648ce3d040302'));
  const commonName = sequence(identifier('550403'), value(0x0c, Buffer.from('localhost')));
  const name = sequence(value(0x31, commonName));
  const from = Date.now() - HOUR_MS;
  const alternatives = sequence(value(0x82, Buffer.from('localhost')), value(0x87, Buffer.of(127, 0, 0, 1)));
  const body = sequence(
    value(0xa0, value(0x02, Buffer.of(2))),
    value(0x02, Buffer.concat([Buffer.of(1), randomBytes(15)])),
    ecdsaWithSha256,
    name,
    sequence(time(from), time(from + days * 24 * HOUR_MS)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    value(0xa3, sequence(sequence(identifier('551d11'), value(0x04, alternatives)))),
  );
  const signature = value(0x03, Buffer.of(0), sign('sha256', body, privateKey));
  const der = sequence(body, ecdsaWithSha256, signature);
  const lines = der.toString('base64').replace(/.{64}/g, '$&\n');
  return {
    cert: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
    hash: new Uint8Array(createHash('sha256').update(der).digest()),
  };
}

function value(tag: number, ...parts: Uint8Array[]): Buffer {
  const bytes = Buffer.concat(parts);
  const { length } = bytes;
  const size =
    length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), bytes]);
}

function sequence(...parts: Uint8Array[]): Buffer {
  return value(0x30, ...parts);
}

function identifier(hex: string): Buffer {
  return value(0x06, Buffer.from(hex, 'hex'));
}

function time(at: number): Buffer {
  return value(0x17, Buffer.from(`${new Date(at).toISOString().replace(/[-:T]/g, '').slice(2, 14)}Z`));
}
