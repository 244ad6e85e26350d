import { createPrivateKey, X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';

/** A certificate, with those that lead to its CA, and its key, in PEM. */
export interface KeyPair {
  readonly cert: string;
  readonly key: string;
}

/** What is wrong with a pair, if anything: a file half written, or a key of another certificate. */
export function keyPairFault(pair: KeyPair): string | undefined {
  try {
    // An empty text would pass for none, and leave the server without a certificate.
    if (!new X509Certificate(pair.cert).checkPrivateKey(createPrivateKey(pair.key))) {
      return 'the key is of another certificate';
    }
    createSecureContext(pair);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

/** SHA-256 of the certificate, by which it can be recognised, as OpenSSL and browsers show it. */
export function fingerprintOf({ cert }: KeyPair): string {
  return new X509Certificate(cert).fingerprint256;
}
