import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { connect } from 'node:tls';
import { certificateOf } from '../../src/server/tls/certificate-of.ts';
import { fingerprintOf } from '../../src/server/tls/key-pair.ts';
import { readText } from '../http2/support/read-text.ts';
import { runCli, startServe } from '../support/cli.ts';
import { makeDirectory } from '../support/directory.ts';
import { openSession, requestOn } from '../support/http2.ts';
import { onEnd } from '../support/on-end.ts';

/** SHA-256 of what a new connection is shown. */
async function shownAt(url: string): Promise<string> {
  const socket = connect({ port: Number(new URL(url).port), host: '127.0.0.1', rejectUnauthorized: false });
  await once(socket, 'secureConnect');
  const { fingerprint256 } = socket.getPeerX509Certificate()!;
  socket.destroy();
  return fingerprint256;
}

test('a certificate of its own is for trying, and its SHA-256 is told', async (t) => {
  const serve = await startServe(t, ['--tls', 'self-signed']);
  assert.match(serve.url, /^https:/);
  assert.match(await serve.nextLine(), /watch {4}curl -k -N .*https:/);
  assert.match(await serve.nextLine(), /publish {2}curl -k --json/);
  assert.equal(await serve.nextLine(), `  sha256   ${await shownAt(serve.url)}`);
  const session = openSession(t, serve.url);
  // The console, too.
  assert.match(await readText(await requestOn(session, '/')), /<!doctype html>/i);
  const told = once(session, 'goaway');
  serve.process.kill('SIGTERM');
  const [code] = await told;
  assert.equal(code, 0);
  assert.equal((await serve.ended).code, 0);
});

test('all workers show one certificate', async (t) => {
  const log = `lmdb:${await makeDirectory(t)}`;
  const { url } = await startServe(t, ['--tls', 'self-signed', '--workers', '2', '--log', log]);
  const shown = await Promise.all(Array.from({ length: 8 }, () => shownAt(url)));
  assert.equal(new Set(shown).size, 1);
});

test('files are named on the command line, which goes before the config file', async (t) => {
  const directory = await makeDirectory(t);
  const { pair } = certificateOf('self-signed', () => {});
  const [cert, key, config] = ['cert.pem', 'key.pem', 'config.json'].map((name) => join(directory, name)) as [
    string,
    string,
    string,
  ];
  writeFileSync(cert, pair.cert);
  writeFileSync(key, pair.key);
  writeFileSync(config, JSON.stringify({ tls: 'self-signed' }));
  const { url } = await startServe(t, ['--config', config, '--tls-cert', cert, '--tls-key', key]);
  assert.equal(await shownAt(url), fingerprintOf(pair));
});

for (const [args, message] of [
  [['--tls', 'yes'], /--tls takes self-signed, not yes/],
  [['--tls-cert', 'cert.pem'], /--tls-cert and --tls-key are given both/],
  [
    ['--tls-cert', '/nowhere/a.pem', '--tls-key', '/nowhere/b.pem'],
    /the certificate \/nowhere\/a\.pem can't be read/,
  ],
] as const) {
  test(`serve ${args.join(' ')} is refused with a sentence`, async (t) => {
    const { code, stderr } = await runCli(t, ['serve', '--port', '0', ...args]);
    assert.notEqual(code, 0);
    assert.match(stderr, message);
    assert.doesNotMatch(stderr, /\n {4}at /);
  });
}

test('WebTransport that can’t be served is told of, and nothing goes on without it', async (t) => {
  const taken = createSocket('udp4').bind(0, '127.0.0.1');
  await once(taken, 'listening');
  onEnd(t, () => new Promise<void>((closed) => taken.close(closed)));
  const args = ['serve', '--tls', 'self-signed', '--webtransport', '--port', `${taken.address().port}`];
  const { code, stdout, stderr } = await runCli(t, args);
  assert.deepEqual([code, stdout], [1, '']);
  assert.match(stderr, /^fanwire: WebTransport: .*EADDRINUSE/);
});

test('a port of TCP that is taken ends what was served over UDP already', async (t) => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  onEnd(t, () => new Promise((closed) => taken.close(closed)));
  const { port } = taken.address() as AddressInfo;
  const args = ['serve', '--tls', 'self-signed', '--webtransport', '--port', `${port}`];
  const { code, stderr } = await runCli(t, args);
  assert.equal(code, 1);
  assert.match(stderr, /^fanwire: port \d+ of 127\.0\.0\.1 is taken/);
});
