import type { TlsOptions } from '../server/tls/certificate.ts';
import { usageFailure } from './failure.ts';

interface Values {
  readonly tls?: string | undefined;
  readonly 'tls-cert'?: string | undefined;
  readonly 'tls-key'?: string | undefined;
}

/** What the command line says of TLS, if anything. */
export function tlsOption({ tls, 'tls-cert': certFile, 'tls-key': keyFile }: Values): TlsOptions | undefined {
  if (certFile !== undefined && keyFile !== undefined && tls === undefined) return { certFile, keyFile };
  if (certFile !== undefined || keyFile !== undefined) {
    throw usageFailure('--tls-cert and --tls-key are given both, and --tls without them');
  }
  if (tls === undefined || tls === 'self-signed') return tls;
  throw usageFailure(`--tls takes self-signed, not ${tls}; a certificate in a file is given by --tls-cert`);
}
