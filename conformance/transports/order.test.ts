import assert from 'node:assert/strict';
import { test } from 'node:test';
import { publicId } from '../../src/hub/presence/public-id.ts';
import { connectSdk } from '../../test/hub/support/sdk.ts';
import { publishAll, startHub } from '../../test/support/hub.ts';
import { takeMessages } from '../../test/support/readers/reader.ts';
import { ALL_TRANSPORTS } from './transports.ts';

const MANY = Array.from({ length: 300 }, (_, index) => index);

for (const { name, open, tellsTime } of ALL_TRANSPORTS) {
  test(`${name}: history comes in the order it was published, each message once`, async (t) => {
    const { hub, url } = await startHub(t);
    const ids = await publishAll(hub, 'scores', MANY);
    const reader = await open(url, { channels: ['scores'], after: 'start' });
    const messages = await takeMessages(reader, MANY.length);
    reader.close();
    assert.deepEqual(
      messages.map(({ data }) => data),
      MANY,
    );
    assert.deepEqual(
      messages.map(({ id }) => id),
      ids,
    );
    assert.equal(reader.position, ids.at(-1));
  });

  test(`${name}: what is published at once comes in the order of the calls, each message once`, async (t) => {
    const { hub, url } = await startHub(t);
    const reader = await open(url, { channels: ['scores'], after: 'now' });
    await Promise.all(MANY.map((value) => hub.publish('scores', value)));
    const messages = await takeMessages(reader, MANY.length);
    reader.close();
    assert.deepEqual(
      messages.map(({ data }) => data),
      MANY,
    );
  });

  test(`${name}: what is published one at a time comes one at a time`, async (t) => {
    const { hub, url } = await startHub(t);
    const reader = await open(url, { channels: ['scores'], after: 'now' });
    for (const value of MANY.slice(0, 30)) {
      const { id } = await hub.publish('scores', value);
      const [message] = await takeMessages(reader, 1);
      assert.equal(message?.id, id);
      assert.equal(reader.position, id);
    }
    reader.close();
  });

  test(`${name}: a message keeps its id, channel, type, time and data`, async (t) => {
    const { hub, url } = await startHub(t);
    const data = { text: 'a\nb', nested: [1, null, { '': -0.5 }], large: 2 ** 53 };
    const before = Date.now();
    const { id } = await hub.publish('chat.room:1', data, { type: 'said' });
    const reader = await open(url, { channels: ['chat.room:1'], after: 'start' });
    const [message] = await takeMessages(reader, 1);
    reader.close();
    const { time = before, ...rest } = message!;
    assert.deepEqual(rest, { id, channel: 'chat.room:1', type: 'said', data });
    assert.equal(message?.time !== undefined, tellsTime);
    assert.ok(time >= before && time <= Date.now());
  });

  test(`${name}: a message says which client published it, and none if it was the program`, async (t) => {
    const { hub, url } = await startHub(t);
    const sdk = await connectSdk(t, url, { client: 'ada-and-her-tab' });
    await sdk.ask({ ref: 1, publish: { channel: 'a', data: 1, type: 'said' } });
    await hub.publish('a', 2);
    // A stream of one channel may show nothing but data.
    const reader = await open(url, { channels: ['a', 'b'], after: 'start' });
    const messages = await takeMessages(reader, 2);
    reader.close();
    assert.deepEqual(
      messages.map(({ from }) => from),
      [publicId('ada-and-her-tab', undefined), undefined],
    );
  });

  test(`${name}: another channel's messages do not come`, async (t) => {
    const { hub, url } = await startHub(t);
    const reader = await open(url, { channels: ['scores'], after: 'now' });
    await hub.publish('scores.other', 1);
    await hub.publish('scores', 2);
    const [message] = await takeMessages(reader, 1);
    reader.close();
    assert.equal(message?.data, 2);
  });
}
