import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { test } from 'node:test';
import { createHub } from '../../src/index.ts';
import { certificateOf } from '../../src/server/tls/certificate-of.ts';
import type { KeyPair } from '../../src/server/tls/key-pair.ts';
import { send } from '../support/http.ts';
import { startHub } from '../support/hub.ts';

const newPair = (): KeyPair => certificateOf('self-signed', () => {}).pair;

function hashOf({ cert }: KeyPair): string {
  const hex = new X509Certificate(cert).fingerprint256.replaceAll(':', '');
  return Buffer.from(hex, 'hex').toString('base64');
}

test('clients are told of the certificate that is shown now, and not of the one before', async (t) => {
  const { hub, url } = await startHub(t);
  const offered = async (): Promise<unknown> => {
    const answer = await send(`${url}/connect`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify([{ hello: { client: 'somebody' } }]),
    });
    return answer.json()[0].welcome.webtransport;
  };
  assert.equal(await offered(), undefined);

  const [first, second] = [newPair(), newPair()];
  let renew = (_pair: KeyPair) => {};
  const follow = (renewed: (pair: KeyPair) => void) => {
    renew = renewed;
    return () => {};
  };
  // Its `pair` stays what it was at first, as that of a worker does.
  await hub.webtransport({ port: 0, tls: { pair: first, follow } });
  assert.deepEqual(await offered(), { certificateHashes: [hashOf(first)] });
  renew(second);
  assert.deepEqual(await offered(), { certificateHashes: [hashOf(second)] });
});

test('a hub that closes while WebTransport begins lets go of its engine', async () => {
  const hub = createHub();
  const begins = hub.webtransport({ port: 0, tls: 'self-signed' });
  await hub.close();
  await assert.rejects(begins, { code: 'draining' });
  // Else its thread would keep the process, and this file, from ending.
  assert.ok(!process.getActiveResourcesInfo().includes('MessagePort'));
});
