import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createHub } from '../../src/index.ts';
import { memoryLog } from '../../src/log/memory/memory-log.ts';
import { publishAll, startHub } from '../support/hub.ts';
import { CHOICES, causesIn, receive, startClient, untilStatus } from './subscriber.ts';

for (const { name, transports } of CHOICES) {
  test(`${name}: a hub restarted over the same log loses nothing`, async (t) => {
    const log = memoryLog();
    const first = createHub({ log });
    const { port, url } = await first.listen({ port: 0 });
    const client = startClient(t, url, { transports });
    const received = receive(client, 'scores');
    await received.ready;
    await publishAll(first, 'scores', [1, 2]);
    await received.until(2);
    await first.close({ drainMs: 0 });
    await untilStatus(client, (status) => causesIn(status).length > 0);

    const { hub } = await startHub(t, { log }, port);
    await publishAll(hub, 'scores', [3, 4]);
    await received.until(4);
    assert.deepEqual(received.data, [1, 2, 3, 4]);
    assert.deepEqual(received.gaps, []);
  });

  test(`${name}: a hub restarted with an empty log is announced as a gap, and reading goes on`, async (t) => {
    const first = createHub({ log: memoryLog({ epoch: 'first' }) });
    const { port, url } = await first.listen({ port: 0 });
    const client = startClient(t, url, { transports });
    const received = receive(client, 'scores');
    await received.ready;
    const ids = await publishAll(first, 'scores', [1, 2]);
    await received.until(2);
    await first.close({ drainMs: 0 });

    const { hub } = await startHub(t, { log: memoryLog({ epoch: 'second' }) }, port);
    await publishAll(hub, 'scores', [3]);
    const gap = await received.untilGap();
    assert.deepEqual(gap, { channel: 'scores', from: ids[1], to: 'second.0', reason: 'epoch' });
    await received.until(3);
    await publishAll(hub, 'scores', [4]);
    await received.until(4);
    assert.deepEqual(received.data, [1, 2, 3, 4]);
    assert.equal(received.gaps.length, 1);
  });
}

test('a hub that drains sends its clients on without an interruption', async (t) => {
  const log = memoryLog();
  const first = createHub({ log });
  const { port, url } = await first.listen({ port: 0 });
  const client = startClient(t, url, { transports: ['websocket'] });
  const received = receive(client, 'scores');
  await received.ready;
  const closing = first.close({ drainMs: 200 });
  await closing;
  const { hub } = await startHub(t, { log }, port);
  await publishAll(hub, 'scores', [1]);
  await received.until(1);
  assert.deepEqual(received.data, [1]);
});
