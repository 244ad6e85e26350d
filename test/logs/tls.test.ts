import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { createClient } from '@redis/client';
import { append, dataOf, PLENTY } from '../../src/log/conformance/asking.ts';
import type { Log } from '../../src/log/log.ts';
import { FROM_START } from '../../src/protocol/start.ts';
import { freePort } from '../support/free-port.ts';
import { startNats } from '../support/nats-server.ts';
import { startRedis } from '../support/redis-server.ts';
import { type Certificates, createCertificates } from './certificates.ts';
import { assertUnavailable, openNatsLog, openRedisLog } from './support.ts';

interface Secured {
  readonly name: string;
  readonly scheme: string;
  /** Starts one with TLS; resolves with its port. */
  start(t: TestContext, certificates: Certificates): Promise<number>;
  startPlain(t: TestContext): Promise<{ readonly port: number }>;
  /** @param ca file of the CA, given as a program gives it to the driver */
  open(t: TestContext, url: string, ca?: string): Promise<Log>;
}

const SECURED: readonly Secured[] = [
  {
    name: 'redis',
    scheme: 'rediss',
    async start(t, { key, cert }) {
      const port = await freePort();
      const files = ['--tls-key-file', key, '--tls-cert-file', cert, '--tls-auth-clients', 'no'];
      await startRedis(t, ['--tls-port', `${port}`, ...files]);
      return port;
    },
    startPlain: (t) => startRedis(t),
    open: (t, url, ca) =>
      openRedisLog(
        t,
        ca ? { client: createClient({ url, socket: { tls: true, ca: readFileSync(ca) } }) } : { url },
      ),
  },
  {
    name: 'nats',
    scheme: 'tls',
    async start(t, { ca, key, cert }) {
      const config = `tls { key_file: "${key}", cert_file: "${cert}" }`;
      return (await startNats(t, { config, connect: { tls: { caFile: ca } } })).port;
    },
    startPlain: (t) => startNats(t),
    open: (t, url, ca) => openNatsLog(t, { url, ...(ca ? { connect: { tls: { caFile: ca } } } : {}) }),
  },
];

// The second name is under which the tests' own support comes.
const RIGHT = ['IP:127.0.0.1', 'DNS:localhost'];
const WRONG = ['DNS:localhost'];

/** Opens the log of a URL as `fanwire serve --log URL` does, and closes it again. */
const OPEN_BY_URL = `
  const [module, url] = process.argv.slice(1);
  const { logAt } = await import(module);
  const log = await logAt(url);
  await log.open({ appended() {}, interrupted() {} }, () => ({ count: 1, ageMs: 1e9 }));
  await log.close();
`;

for (const { name, scheme, start, startPlain, open } of SECURED) {
  test(`${name}: a server whose certificate a CA of one's own has signed is believed by whoever is given the CA`, async (t) => {
    const certificates = createCertificates(t, RIGHT);
    const url = `${scheme}://127.0.0.1:${await start(t, certificates)}`;
    const log = await open(t, url, certificates.ca);
    await append(log, 'a', '1');
    assert.deepEqual(dataOf(await log.read(['a'], FROM_START, PLENTY)), ['1']);

    const module = new URL('../../src/config/log-url.js', import.meta.url).href;
    execFileSync(process.execPath, ['--input-type=module', '-e', OPEN_BY_URL, module, url], {
      env: { ...process.env, NODE_EXTRA_CA_CERTS: certificates.ca },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  });

  test(`${name}: a certificate of an unknown CA, or for another name, is refused and named as the cause`, async (t) => {
    const certificates = createCertificates(t, WRONG);
    const url = `${scheme}://127.0.0.1:${await start(t, certificates)}`;
    await assert.rejects(open(t, url), because(/unable to verify the first certificate/));
    await assert.rejects(
      open(t, url, certificates.ca),
      because(/IP: 127\.0\.0\.1 is not in the cert's list/),
    );
  });

  test(`${name}: a server without TLS is not spoken to where TLS was asked for`, async (t) => {
    const { port } = await startPlain(t);
    await assertUnavailable(() => open(t, `${scheme}://127.0.0.1:${port}`));
  });
}

function because(cause: RegExp): (error: Error) => boolean {
  return (error) => cause.test(String(error.cause));
}
