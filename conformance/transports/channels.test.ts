import assert from 'node:assert/strict';
import { test } from 'node:test';
import { publishAll, startHub } from '../../test/support/hub.ts';
import { type Item, positionOf, take, takeMessages } from '../../test/support/readers/reader.ts';
import { ALL_TRANSPORTS } from './transports.ts';

const NAMES = ['a', 'b', 'c'];

for (const { name, open } of ALL_TRANSPORTS) {
  test(`${name}: several channels come in the one order of the log`, async (t) => {
    const { hub, url } = await startHub(t);
    const ids: string[] = [];
    async function publish(from: number, to: number) {
      for (let index = from; index < to; index++) {
        ids.push(...(await publishAll(hub, NAMES[index % 3]!, [index])));
      }
    }
    await publish(0, 9);
    const reader = await open(url, { channels: NAMES, after: 'start' });
    await publish(9, 18);
    const messages = await takeMessages(reader, 18);
    reader.close();
    assert.deepEqual(
      messages.map(({ id, channel, data }) => ({ id, channel, data })),
      ids.map((id, index) => ({ id, channel: NAMES[index % 3], data: index })),
    );
    assert.ok(messages.every(({ time }) => typeof time === 'number'));
  });

  test(`${name}: one position resumes all channels, and others than before`, async (t) => {
    const { hub, url } = await startHub(t);
    await publishAll(hub, 'a', [1]);
    await publishAll(hub, 'b', [2]);
    const first = await open(url, { channels: ['a', 'b'], after: 'start' });
    await takeMessages(first, 2);
    const { position } = first;
    first.close();
    await publishAll(hub, 'c', [3]);
    await publishAll(hub, 'a', [4]);
    await publishAll(hub, 'b', [5]);
    const second = await open(url, { channels: ['b', 'c'], after: position });
    const messages = await takeMessages(second, 2);
    second.close();
    assert.deepEqual(
      messages.map(({ channel, data }) => [channel, data]),
      [
        ['c', 3],
        ['b', 5],
      ],
    );
  });

  test(`${name}: a gap stands in front of what comes next, before other channels' messages that are older than its end`, async (t) => {
    const { hub, url } = await startHub(t, { channels: { a: { retain: { count: 1 } } } });
    const start = await hub.publish('a', 'seen');
    const [b1] = await publishAll(hub, 'b', [1]);
    const [, trimmed] = await publishAll(hub, 'a', [2, 3]);
    const [b4] = await publishAll(hub, 'b', [4]);
    const [a5] = await publishAll(hub, 'a', [5]);
    const reader = await open(url, { channels: ['b', 'a'], after: start.id });
    const items: Item[] = await take(reader, 4);
    reader.close();
    assert.deepEqual(
      items.map((item) => [item.kind, positionOf(item)]),
      [
        ['gap', trimmed],
        ['message', b1],
        ['message', b4],
        ['message', a5],
      ],
    );
  });

  test(`${name}: a hundred channels can be read at once`, async (t) => {
    const { hub, url } = await startHub(t);
    const channels = Array.from({ length: 100 }, (_, index) => `channel-${index}`);
    const reader = await open(url, { channels, after: 'now' });
    for (const channel of channels) await hub.publish(channel, channel);
    const messages = await takeMessages(reader, channels.length);
    reader.close();
    assert.deepEqual(
      messages.map(({ data }) => data),
      channels,
    );
  });
}
