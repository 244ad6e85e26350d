import assert from 'node:assert/strict';
import { test } from 'node:test';
import { publishAll, startHub } from '../../test/support/hub.ts';
import { cutAfterBytes, observe } from '../../test/support/proxy/faults.ts';
import { startProxy } from '../../test/support/proxy/proxy.ts';
import { messagesOf } from '../../test/support/readers/reader.ts';
import { readAcross } from './read-across.ts';
import { TCP_TRANSPORTS } from './transports.ts';

/** Between two of the places inside heads and padding where connections are cut. */
const COARSE_STEP = 61;

for (const { name, open } of TCP_TRANSPORTS) {
  test(`${name}: cut at any byte of two messages, resuming gives each exactly once`, async (t) => {
    const { hub, url, port } = await startHub(t);
    const proxy = await startProxy(t, port);
    const [after, ...ids] = await publishAll(hub, 'scores', ['before', { text: 'zwölf €' }, { text: '𝄞' }]);
    const options = { channels: ['scores'], after: after! };

    const chunks: Buffer[] = [];
    const restore = proxy.use(observe((chunk) => chunks.push(chunk)));
    await readAcross(open, proxy.url, options, 2);
    restore();
    const wire = Buffer.concat(chunks);
    const firstByte = Math.min(...[...ids, '𝄞'].map((text) => wire.indexOf(text))) - 40;
    assert.ok(firstByte > 0 && firstByte < wire.length, url);

    for (let cut = 0; cut <= wire.length; cut += cut < firstByte ? COARSE_STEP : 1) {
      proxy.heal();
      proxy.use(cutAfterBytes(cut), { times: 1 });
      const items = await readAcross(open, proxy.url, options, 2);
      assert.deepEqual(
        messagesOf(items).map(({ id }) => id),
        ids,
        `cut after ${cut} bytes`,
      );
    }
  });

  test(`${name}: reset again and again while messages are published, each comes exactly once`, async (t) => {
    const { hub, port } = await startHub(t);
    const proxy = await startProxy(t, port);
    const values = Array.from({ length: 120 }, (_, index) => index);
    const start = await hub.publish('scores', 'before');
    let read = 0;
    const reading = readAcross(
      open,
      proxy.url,
      { channels: ['scores'], after: start.id },
      values.length,
      () => {
        if (++read % 7 === 0) proxy.resetAll();
      },
    );
    for (const value of values) {
      await hub.publish('scores', value);
      await new Promise(setImmediate);
    }
    assert.deepEqual(
      messagesOf(await reading).map(({ data }) => data),
      values,
    );
  });

  for (const start of [{ after: 'now' }, { after: 'start' }, { last: 1 }]) {
    test(`${name}: cut before its first message, a reader from ${JSON.stringify(start)} loses nothing`, async (t) => {
      const { hub, url, port } = await startHub(t);
      const proxy = await startProxy(t, port);
      const reader = await open(proxy.url, { channels: ['scores'], ...start });
      const after = reader.position;
      proxy.resetAll();
      reader.close();
      const ids = await publishAll(hub, 'scores', [1, 2]);
      const items = await readAcross(open, url, { channels: ['scores'], after }, 2);
      assert.deepEqual(
        messagesOf(items).map(({ id }) => id),
        ids,
      );
    });
  }
}
