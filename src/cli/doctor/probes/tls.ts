import { isIP } from 'node:net';
import { connect } from 'node:tls';
import { Failed } from '../../../doctor/ask.ts';
import type { TlsReading } from '../../../doctor/readings.ts';
import { failureOfError } from '../request.ts';

/** Looks at the certificate, and at which HTTP is spoken. @throws Failed where no TLS is spoken */
export function tlsOf(url: URL, withinMs: number): Promise<TlsReading> {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  return new Promise((resolve, reject) => {
    const socket = connect({
      host,
      port: Number(url.port || 443),
      ...(isIP(host) ? {} : { servername: host }),
      ALPNProtocols: ['h2', 'http/1.1'],
      // What is wrong with it is to be told, not to be hit.
      rejectUnauthorized: false,
      timeout: withinMs,
    });
    socket.on('secureConnect', () => {
      const { issuer } = socket.getPeerCertificate();
      resolve({
        fault: socket.authorized ? undefined : `${socket.authorizationError}`,
        issuer: [issuer?.CN ?? issuer?.O ?? 'nobody'].flat().join(', '),
        alpn: socket.alpnProtocol || 'http/1.1',
      });
      socket.destroy();
    });
    socket.on('timeout', () => socket.destroy(new Error(`no TLS within ${withinMs / 1000} s`)));
    socket.on('error', (error) => reject(new Failed(failureOfError(error))));
  });
}
