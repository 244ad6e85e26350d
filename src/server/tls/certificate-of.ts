import { FanwireError } from '../../protocol/errors.ts';
import type { Certificate, TlsOptions } from './certificate.ts';
import { certificateFiles } from './certificate-files.ts';
import { keyPairFault } from './key-pair.ts';
import { selfSigned } from './self-signed.ts';
import { sharedCertificate } from './shared-certificate.ts';

/**
 * @param report told of a certificate that can't be used, where the one before stays
 * @throws FanwireError `invalid_parameter` for a first one that can't be used
 */
export function certificateOf(options: TlsOptions, report: (error: unknown) => void): Certificate {
  if (options === 'self-signed') return sharedCertificate(selfSigned());
  if ('certFile' in options) return sharedCertificate(certificateFiles(options, report));
  const pair = { cert: textOf(options.cert), key: textOf(options.key) };
  const fault = keyPairFault(pair);
  if (fault !== undefined)
    throw new FanwireError('invalid_parameter', `cert and key are no certificate and its key: ${fault}`);
  return { pair, follow: () => () => {} };
}

function textOf(pem: string | Uint8Array): string {
  return typeof pem === 'string' ? pem : Buffer.from(pem).toString();
}
