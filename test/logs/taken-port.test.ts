import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { test } from 'node:test';
import { runCli } from '../support/cli.ts';
import { startNats } from '../support/nats-server.ts';
import { onEnd } from '../support/on-end.ts';
import { startRedis } from '../support/redis-server.ts';

for (const [name, start] of [
  ['redis', startRedis],
  ['nats', startNats],
] as const) {
  test(`fanwire serve with a log in ${name} ends where its port is taken`, async (t) => {
    const engine = await start(t);
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    onEnd(t, () => taken.close());
    const { port } = taken.address() as AddressInfo;
    const log = `${name}://127.0.0.1:${engine.port}`;
    const { code, stderr } = await runCli(t, ['serve', '--port', `${port}`, '--log', log]);
    assert.equal(code, 1);
    assert.match(stderr, /is taken/);
  });
}
