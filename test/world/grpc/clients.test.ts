import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { startGrpcHub } from '../../grpc/support/grpc-hub.ts';
import { publishAll } from '../../support/hub.ts';
import { startTcpProxy } from '../../support/tcp-proxy.ts';
import { startProgram } from '../program.ts';
import { PYTHON, PYTHON_STUBS } from './python.ts';

const TIMEOUT = { timeout: 60_000 };
/** Of gRPC's own statuses. */
const CANCELLED = 1;
const INVALID_ARGUMENT = 3;
const DEADLINE_EXCEEDED = 4;
const MEGABYTE = 2 ** 20;

const CLIENTS: Readonly<Record<string, readonly [string, ...string[]]>> = {
  'Go (grpc-go)': ['.build/world/grpc-go-client'],
  'Python (grpcio)': [...PYTHON, 'test/world/clients/grpc/python/client.py'],
  'Node (grpc-js)': [process.execPath, 'test/world/clients/grpc/node/client.mjs'],
};

for (const [name, command] of Object.entries(CLIENTS)) {
  const start = (t: TestContext, ...args: string[]) =>
    startProgram(t, 'env', `PYTHONPATH=${PYTHON_STUBS}`, ...command, ...args);

  test(`a client in ${name} reads through cuts, each message once`, TIMEOUT, async (t) => {
    const { hub, port } = await startGrpcHub(t);
    const proxy = await startTcpProxy(t, port);
    const reader = start(t, 'read', `127.0.0.1:${proxy.port}`, 'scores', '9');
    const { position } = await reader.json<{ position: string }>();
    assert.match(position, /^\w+\.0$/);
    const read: unknown[] = [];
    const ids: string[] = [];
    // Cut before its first message, too.
    for (const values of [
      [1, 2, 3],
      [4, 5, 6],
      [7, 8, 9],
    ]) {
      proxy.cut();
      ids.push(...(await publishAll(hub, 'scores', values)));
      while (read.length < ids.length) read.push(await reader.json());
    }
    assert.deepEqual(
      read,
      ids.map((id, index) => ({ id, data: index + 1 })),
    );
    assert.deepEqual(await reader.rest(), []);
  });

  test(
    `a client in ${name} repeats a publish that was cut, and it is in the log once`,
    TIMEOUT,
    async (t) => {
      const { hub, port } = await startGrpcHub(t);
      const [epoch] = (await hub.publish('other', 0)).id.split('.');
      let lost = 0;
      // An answer names a position. The first ones are kept back and cut off: what they acknowledge has been appended.
      const proxy = await startTcpProxy(t, port, (write) => (bytes) => {
        if (lost === 2 || !bytes.includes(`${epoch}.`)) return write(bytes);
        lost += 1;
        proxy.cut();
      });
      const seen = hub.subscribe('scores', { after: 'start' });
      const answers = await start(t, 'publish', `127.0.0.1:${proxy.port}`, 'scores', '3').rest();
      assert.equal(lost, 2);
      await hub.publish('scores', 'end');
      const messages: { id: string; data: unknown }[] = [];
      for await (const { id, data } of seen) {
        if (data === 'end') break;
        messages.push({ id, data });
      }
      assert.deepEqual(
        messages.map(({ data }) => data),
        [1, 2, 3],
      );
      assert.deepEqual(
        answers,
        messages.map(({ id }) => ({ id })),
      );
    },
  );

  test(`a client in ${name} publishes a thousand on one call`, TIMEOUT, async (t) => {
    const { hub, port } = await startGrpcHub(t);
    const seen = hub.subscribe('scores', { after: 'start' });
    const [summary] = await start(t, 'stream', `127.0.0.1:${port}`, 'scores', '1000').rest();
    assert.deepEqual(summary, { published: 1000 });
    for (let number = 1; number <= 1000; number++) assert.equal((await seen.next()).value?.data, number);
  });

  test(
    `a client in ${name} sees deadlines, its own cancelling and refusals, and a megabyte`,
    TIMEOUT,
    async (t) => {
      const { hub, port } = await startGrpcHub(t);
      const lines = await start(t, 'calls', `127.0.0.1:${port}`, 'scores').rest();
      assert.deepEqual(lines, [
        { deadline: DEADLINE_EXCEEDED },
        { cancel: CANCELLED },
        { refused: INVALID_ARGUMENT },
        { large: MEGABYTE },
      ]);
      assert.equal(hub.connections().length, 0);
    },
  );

  test(
    `a client in ${name} that takes nothing is left where it is, and told of what is gone`,
    TIMEOUT,
    async (t) => {
      const { hub, port } = await startGrpcHub(t, { channels: { feed: { retain: { count: 10 } } } });
      const reader = start(t, 'slow', `127.0.0.1:${port}`, 'feed');
      assert.deepEqual(await reader.json(), { reading: true });
      const data = 'x'.repeat(64 * 1024);
      const isLagging = () =>
        hub.connections().some(({ channels, lagging }) => lagging && channels[0] === 'feed');
      let published = 0;
      // What both ends and the sockets between them hold, and then some.
      while (!isLagging() || published < 200) {
        await hub.publish('feed', data);
        published += 1;
        assert.ok(published < 5000, 'it never lagged');
      }
      for (let more = 0; more < 20; more++) await hub.publish('feed', data);
      await hub.publish('feed', 0, { type: 'end' });
      await hub.publish('go-on', 1);
      const [{ messages, gaps }] = (await reader.rest()) as [{ messages: number; gaps: number }];
      assert.ok(gaps > 0, 'it was told');
      assert.ok(messages >= 10 && messages < published, `${messages} of ${published}`);
    },
  );
}
