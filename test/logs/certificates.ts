import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';

/** Files in PEM: a CA of the test's own, and what it has signed for a server. */
export interface Certificates {
  readonly ca: string;
  readonly key: string;
  readonly cert: string;
}

/** @param names of the server, as in `DNS:localhost` */
export function createCertificates(t: TestContext, names: readonly string[]): Certificates {
  const directory = mkdtempSync(join(tmpdir(), 'fanwire-tls-'));
  t.after(() => rmSync(directory, { recursive: true }));
  const file = (name: string) => join(directory, `${name}.pem`);
  const openssl = (...args: readonly string[]) => execFileSync('openssl', args, { stdio: 'ignore' });
  const [ca, caKey, key, cert, request] = [
    file('ca'),
    file('ca-key'),
    file('key'),
    file('cert'),
    file('request'),
  ];
  const make = ['req', '-newkey', 'rsa:2048', '-nodes', '-days', '2'];
  openssl(...make, '-x509', '-subj', '/CN=A CA of the tests', '-keyout', caKey, '-out', ca);
  openssl(...make, '-subj', '/CN=server', '-keyout', key, '-out', request);
  writeFileSync(file('names'), `subjectAltName=${names.join(',')}`);
  const signed = ['-CA', ca, '-CAkey', caKey, '-CAcreateserial', '-extfile', file('names')];
  openssl('x509', '-req', '-days', '2', '-in', request, ...signed, '-out', cert);
  return { ca, key, cert };
}
