import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { request } from 'node:http';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { startHub } from '../support/hub.ts';
import { ScriptedLog } from './support/scripted-log.ts';
import { connectSdk } from './support/sdk.ts';

test('a client that goes while its subscription is on its way leaves neither it nor its presence', async (t) => {
  const log = new ScriptedLog();
  const { hub, url } = await startHub(t, { log, presenceLingerMs: 0 });
  const sdk = await connectSdk(t, url);
  sdk.send({ ref: 1, subscribe: { channel: 'room', presence: {} } });
  await log.asked();
  sdk.socket.terminate();
  while (hub.connections().length > 0) await turn();
  log.answerReads();
  for (let turns = 0; turns < 10; turns++) await turn();
  assert.equal(await hub.occupancy('room'), 0);
  assert.deepEqual(await hub.presence('room'), []);
});

for (const wait of [0, 30]) {
  test(`a client that goes while its hello’s token is checked leaves nothing behind (wait: ${wait})`, async (t) => {
    const checks = new EventEmitter();
    const { hub, url } = await startHub(t, {
      async authorise({ token }) {
        if (token === undefined) return undefined;
        checks.emit('begun');
        await once(checks, 'done');
        return { read: true };
      },
    });
    const begun = once(checks, 'begun');
    const headers = { 'content-type': 'application/json' };
    const sent = request(`${url}/connect`, { method: 'POST', headers });
    sent.on('error', () => {});
    const frames = [
      { hello: { client: 'client-of-a-test', token: 'any', wait } },
      { ref: 1, subscribe: { channel: 'a' } },
    ];
    sent.end(JSON.stringify(frames));
    await begun;
    sent.destroy();
    // The hub learns of it a moment after the test does.
    while ((await (await fetch(`${url}/healthz`)).json()).status !== 'ok') await turn();
    for (let turns = 0; turns < 50; turns++) await turn();
    checks.emit('done');
    for (let turns = 0; turns < 50; turns++) await turn();
    assert.deepEqual(hub.connections(), []);
  });
}
