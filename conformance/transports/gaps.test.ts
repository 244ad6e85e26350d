import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import type { FanwireHub } from '../../src/index.ts';
import { memoryLog } from '../../src/log/memory/memory-log.ts';
import { publishAll, startHub } from '../../test/support/hub.ts';
import { type Item, take } from '../../test/support/readers/reader.ts';
import { ALL_TRANSPORTS } from './transports.ts';

const channels = ['scores'];

for (const { name, open } of ALL_TRANSPORTS) {
  test(`${name}: what the count trimmed is announced, and what is left follows`, async (t) => {
    const { hub, url } = await startHub(t, { channels: { scores: { retain: { count: 3 } } } });
    const ids = await publishAll(hub, 'scores', [1, 2, 3, 4, 5, 6]);
    const reader = await open(url, { channels, after: ids[0]! });
    const [gap, ...rest] = await take(reader, 4);
    reader.close();
    assert.deepEqual(gap, announced(ids[0], ids[2], 'trimmed'));
    assert.deepEqual(rest.map(dataOf), [4, 5, 6]);
  });

  test(`${name}: what grew too old is announced as expired`, async (t) => {
    let later = 0;
    const { hub, url } = await startHub(t, {
      log: memoryLog({ clock: () => Date.now() + later }),
      channels: { scores: { retain: { ageMs: 60_000 } } },
    });
    const ids = await publishAll(hub, 'scores', [1, 2, 3]);
    later = 60_001;
    const reader = await open(url, { channels, after: ids[0]! });
    const [gap] = await take(reader, 1);
    assert.deepEqual(gap, announced(ids[0], ids[2], 'expired'));
    reader.close();
  });

  test(`${name}: a position of another life of the log gets a gap and everything retained`, async (t) => {
    const { hub, url } = await startHub(t, { log: memoryLog({ epoch: 'second' }) });
    await publishAll(hub, 'scores', [1, 2]);
    const reader = await open(url, { channels, after: 'first.1000' });
    const [gap, ...rest] = await take(reader, 3);
    reader.close();
    assert.deepEqual(gap, announced('first.1000', 'second.0', 'epoch'));
    assert.deepEqual(rest.map(dataOf), [1, 2]);
  });

  test(`${name}: a position beyond the newest gets a gap and everything retained`, async (t) => {
    const { hub, url } = await startHub(t, { log: memoryLog({ epoch: 'short' }) });
    await publishAll(hub, 'scores', [1, 2]);
    const reader = await open(url, { channels, after: 'short.1000' });
    const [gap, ...rest] = await take(reader, 3);
    reader.close();
    assert.deepEqual(gap, announced('short.1000', 'short.0', 'epoch'));
    assert.deepEqual(rest.map(dataOf), [1, 2]);
  });

  test(`${name}: a channel without history announces what was missed and goes on live`, async (t) => {
    const { hub, url } = await startHub(t, { channels: { scores: { ephemeral: true } } });
    const ids = await publishAll(hub, 'scores', [1, 2, 3]);
    const reader = await open(url, { channels, after: ids[0]! });
    const [gap] = await take(reader, 1);
    assert.deepEqual(gap, announced(ids[0], ids[2], 'trimmed'));
    // Whatever is published before it has been parked is missed again, and announced again.
    const { position } = reader;
    const next = reader.next();
    const following = await publishUntilSettled(hub, next);
    const item = await next;
    if (item.kind === 'gap') assert.equal(item.gap.from, position);
    else assert.equal(item.message.id, following);
    reader.close();
  });

  test(`${name}: a gap that was read is not announced again on resuming`, async (t) => {
    const { hub, url } = await startHub(t, { channels: { scores: { retain: { count: 1 } } } });
    const ids = await publishAll(hub, 'scores', [1, 2, 3, 4]);
    const first = await open(url, { channels, after: ids[0]! });
    const [gap] = await take(first, 1);
    assert.equal(gap?.kind, 'gap');
    const { position } = first;
    first.close();
    assert.equal(position, ids[2]);
    const second = await open(url, { channels, after: position });
    assert.deepEqual((await take(second, 1)).map(dataOf), [4]);
    second.close();
  });

  test(`${name}: nothing that was kept is announced as lost`, async (t) => {
    const { hub, url } = await startHub(t, { channels: { scores: { retain: { count: 3 } } } });
    const ids = await publishAll(hub, 'scores', [1, 2, 3, 4, 5, 6]);
    const reader = await open(url, { channels, after: ids[2]! });
    assert.deepEqual((await take(reader, 3)).map(dataOf), [4, 5, 6]);
    reader.close();
  });
}

const several = ['kept', 'lost'];

for (const { name, open } of ALL_TRANSPORTS) {
  test(`${name}: of several channels, a reader that is cut anywhere has been told of all that it missed`, async (t) => {
    const { hub, url } = await startHub(t, {
      log: memoryLog({ epoch: 'cut' }),
      channels: { lost: { ephemeral: true } },
    });
    for (const channel of ['kept', 'lost', 'kept', 'lost', 'kept']) await hub.publish(channel, 0);
    for (let cut = 0; cut <= 4; cut++) {
      const items: Item[] = [];
      for (let after = 'cut.0'; after !== 'cut.5'; ) {
        const reader = await open(url, { channels: several, after });
        const isFirst = items.length === 0 && cut > 0;
        // The second one reads to the end.
        do {
          const item = await reader.next();
          items.push(item);
          if (item.kind === 'message') after = item.message.id;
        } while (isFirst ? items.length < cut : after !== 'cut.5');
        reader.close();
      }
      const given = items.flatMap((item) => (item.kind === 'message' ? item.message.id : []));
      assert.deepEqual([...new Set(given)], ['cut.1', 'cut.3', 'cut.5'], `cut after ${cut}`);
      const gaps = items.flatMap((item) => (item.kind === 'gap' ? item.gap : []));
      assert.ok(gaps.every(({ channel, to }) => channel === 'lost' && to === 'cut.4'));
      assert.equal(gaps[0]?.from, 'cut.0', 'in it lies all that is lost');
    }
  });
}

function announced(from: string | undefined, to: string | undefined, reason: string): Item {
  return { kind: 'gap', gap: { channel: 'scores', from, to, reason } } as Item;
}

function dataOf(item: Item): unknown {
  return item.kind === 'message' ? item.message.data : item;
}

/** Returns the first id. */
async function publishUntilSettled(hub: FanwireHub, reading: Promise<unknown>): Promise<string> {
  let settled = false;
  reading.finally(() => {
    settled = true;
  });
  const { id } = await hub.publish('scores', 'following');
  while (!settled) {
    await turn();
    await hub.publish('scores', 'more');
  }
  return id;
}
