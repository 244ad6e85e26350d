import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { copyFileSync, mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { connect } from 'node:tls';
import { createHub } from '../../src/index.ts';
import { certificateOf } from '../../src/server/tls/certificate-of.ts';
import type { KeyPair } from '../../src/server/tls/key-pair.ts';
import { makeDirectory } from '../support/directory.ts';
import { openSession, requestOn } from '../support/http2.ts';
import { onEnd } from '../support/on-end.ts';

const newPair = (): KeyPair => certificateOf('self-signed', () => {}).pair;
const serialOf = ({ cert }: KeyPair) => new X509Certificate(cert).serialNumber;

test('one that signs itself is for loopback, has been valid for an hour, and for less than 14 days', () => {
  const { cert, key } = newPair();
  const read = new X509Certificate(cert);
  for (const name of ['localhost', '127.0.0.1', '::1']) {
    assert.ok(name === 'localhost' ? read.checkHost(name) : read.checkIP(name), name);
  }
  assert.ok(read.verify(read.publicKey));
  assert.equal(read.publicKey.asymmetricKeyDetails?.namedCurve, 'prime256v1');
  assert.match(key, /^-----BEGIN PRIVATE KEY-----/);
  const [from, to] = [Date.parse(read.validFrom), Date.parse(read.validTo)];
  assert.ok(Math.abs(Date.now() - 3_600_000 - from) < 60_000);
  assert.equal(to - from, 13 * 86_400_000);
});

test('it is renewed before it runs out, and new connections get the new one', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const certificate = certificateOf('self-signed', () => {});
  const first = certificate.pair;
  const renewed: KeyPair[] = [];
  const unfollow = certificate.follow((pair) => renewed.push(pair));
  t.mock.timers.tick(12 * 86_400_000);
  unfollow();
  t.mock.timers.tick(12 * 86_400_000);
  assert.equal(renewed.length, 1);
  assert.notEqual(serialOf(renewed[0]!), serialOf(first));
  // Whoever comes later, over UDP for example, shows the same.
  assert.equal(certificate.pair, renewed[0]);
});

async function startWithFiles(t: TestContext, certFile: string, keyFile: string) {
  const faults = new EventEmitter();
  const hub = createHub({ onError: (error) => faults.emit('fault', error) });
  onEnd(t, () => hub.close({ drainMs: 0 }));
  const { port, url } = await hub.listen({ port: 0, tls: { certFile, keyFile } });
  const shown = async () => {
    const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false });
    await once(socket, 'secureConnect');
    const { serialNumber } = socket.getPeerX509Certificate()!;
    socket.destroy();
    return serialNumber;
  };
  const untilShown = async (pair: KeyPair) => {
    while ((await shown()) !== serialOf(pair)) await new Promise(setImmediate);
  };
  return { faults, url, shown, untilShown };
}

function writePair(directory: string, { cert, key }: KeyPair): { certFile: string; keyFile: string } {
  mkdirSync(directory, { recursive: true });
  const [certFile, keyFile] = [join(directory, 'cert.pem'), join(directory, 'key.pem')];
  writeFileSync(certFile, cert);
  writeFileSync(keyFile, key);
  return { certFile, keyFile };
}

test('files that are written anew are read anew, and open connections stay', async (t) => {
  const directory = await makeDirectory(t);
  const [first, second] = [newPair(), newPair()];
  const { certFile, keyFile } = writePair(directory, first);
  const { url, shown, untilShown } = await startWithFiles(t, certFile, keyFile);
  assert.equal(await shown(), serialOf(first));
  const session = openSession(t, url);
  const stream = await requestOn(session, '/channels/a', { headers: { accept: 'text/event-stream' } });
  writePair(directory, second);
  await untilShown(second);
  assert.equal((await requestOn(session, '/healthz')).statusCode, 200);
  assert.equal(stream.closed, false);
});

test('symbolic links that are put in the place of others are followed, as certbot renews', async (t) => {
  const directory = await makeDirectory(t);
  const [first, second] = [newPair(), newPair()];
  const live = join(directory, 'live');
  mkdirSync(live);
  const link = (number: number, pair: KeyPair) => {
    const { certFile, keyFile } = writePair(join(directory, `archive-${number}`), pair);
    for (const [name, file] of [
      ['cert.pem', certFile],
      ['key.pem', keyFile],
    ] as const) {
      symlinkSync(file, join(live, `${name}.new`));
      renameSync(join(live, `${name}.new`), join(live, name));
    }
  };
  link(1, first);
  const { shown, untilShown } = await startWithFiles(t, join(live, 'cert.pem'), join(live, 'key.pem'));
  assert.equal(await shown(), serialOf(first));
  link(2, second);
  await untilShown(second);
});

test('a pair that does not belong together is told of, and the one before stays until it does', async (t) => {
  const directory = await makeDirectory(t);
  const [first, second] = [newPair(), newPair()];
  const { certFile, keyFile } = writePair(directory, first);
  const { faults, shown, untilShown } = await startWithFiles(t, certFile, keyFile);
  for (const broken of [second.cert, second.cert.slice(0, 100), '']) {
    const told = once(faults, 'fault');
    writeFileSync(certFile, broken);
    const [fault] = await told;
    assert.equal(fault.code, 'invalid_parameter');
    assert.match(fault.message, /cert\.pem and .*key\.pem are no certificate and its key/);
    assert.equal(await shown(), serialOf(first));
  }
  copyFileSync(writePair(join(directory, 'other'), second).keyFile, keyFile);
  writeFileSync(certFile, second.cert);
  await untilShown(second);
});

test('it does not begin to listen with what it can’t use', async (t) => {
  const hub = createHub();
  t.after(() => hub.close());
  const { cert, key } = newPair();
  for (const [tls, message] of [
    [{ cert, key: newPair().key }, /no certificate and its key/],
    [{ certFile: '/nowhere/cert.pem', keyFile: '/nowhere/key.pem' }, /can't be read/],
    [{ cert: 'cert.pem', key }, /tls\.cert: found "cert\.pem", expected a text in PEM/],
    ['selfsigned', /tls: found "selfsigned", expected "self-signed"/],
    [{ certFile: 'cert.pem' }, /keyFile/],
  ] as const) {
    await assert.rejects(hub.listen({ port: 0, tls: tls as never }), { message });
  }
});

test('sockets in the middle of their handshake count, and do not hold the end up', async (t) => {
  const hub = createHub({ limits: { connectionsPerAddress: 1 } });
  const { port } = await hub.listen({ port: 0, tls: newPair() });
  const { connect: connectTcp } = await import('node:net');
  const sockets = Array.from({ length: 66 }, () => connectTcp(port, '127.0.0.1').on('error', () => {}));
  t.after(() => sockets.forEach((socket) => void socket.destroy()));
  await Promise.race(sockets.map((socket) => once(socket, 'close')));
  await hub.close({ drainMs: 0 });
});
