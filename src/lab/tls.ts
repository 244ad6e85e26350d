import { createHash, X509Certificate } from 'node:crypto';
import type { KeyPair } from '../server/tls/key-pair.ts';
import { makeSelfSigned } from '../server/tls/self-signed.ts';

/** What is encrypted: nothing; all from the clients to the hub; or the same, with a middlebox that decrypts it on the way. */
export const TLS = ['none', 'end-to-end', 'inspected'] as const;

export type Tls = (typeof TLS)[number];

/** For people. */
export const TLS_WORDS: Readonly<Record<Tls, { readonly title: string; readonly does: string }>> = {
  none: {
    title: 'HTTP',
    does: 'The network reads all that passes. WebTransport is not there: it needs TLS.',
  },
  'end-to-end': {
    title: 'HTTPS',
    does: 'The network sees bytes: what it does to requests and answers it cannot do, and it can still forget, cut, and drop UDP.',
  },
  inspected: {
    title: 'HTTPS, inspected',
    does: 'The network decrypts by a certificate of its own that the clients were told to trust, and does all that it does to HTTP. UDP it can’t decrypt, and drops.',
  },
};

/** The hub's, and that of a middlebox which decrypts. The lab's process trusts both, as a company's computers trust its proxy. */
export interface Certificates {
  readonly hub: KeyPair;
  readonly middlebox: KeyPair;
}

export function makeCertificates(): Certificates {
  return { hub: makeSelfSigned(), middlebox: makeSelfSigned('a proxy that inspects TLS') };
}

/** SHA-256 of a certificate, by which a page trusts it for WebTransport. */
export function hashOf({ cert }: KeyPair): Uint8Array<ArrayBuffer> {
  return new Uint8Array(createHash('sha256').update(new X509Certificate(cert).raw).digest());
}
