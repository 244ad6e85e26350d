import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FROM_NOW } from '../../protocol/start.ts';
import type { Retention } from '../log.ts';
import { after, append, appendAll, dataOf, gapsOf, PLENTY } from './asking.ts';
import type { OpenedUnderTest } from './log-under-test.ts';

const keeps = (count: number): Retention => ({ count, ageMs: 1e9 });

export function testGaps({ name, open }: OpenedUnderTest): void {
  test(`${name}: what the count removed is announced up to the last removed, at its place`, async (t) => {
    const log = await open(t, { retention: () => keeps(2) });
    const [first, , , , fifth] = await appendAll(log, 'a', ['1', '2', '3', '4', '5', '6', '7']);
    const page = await log.read(['a'], after(first!), PLENTY);
    assert.deepEqual(gapsOf(page), [{ channel: 'a', from: first, to: fifth, reason: 'trimmed' }]);
    assert.equal(page.items[0]?.kind, 'gap');
    assert.deepEqual(dataOf(page), ['6', '7']);
  });

  test(`${name}: whoever had everything that was removed is told of no gap`, async (t) => {
    const log = await open(t, { retention: () => keeps(2) });
    const positions = await appendAll(log, 'a', ['1', '2', '3', '4', '5', '6', '7']);
    for (const position of positions.slice(4)) {
      assert.deepEqual(gapsOf(await log.read(['a'], after(position), PLENTY)), []);
    }
  });

  test(`${name}: what grew too old is announced as expired`, async (t) => {
    let now = 1_000_000;
    const log = await open(t, { clock: () => now, retention: () => ({ count: 100, ageMs: 1000 }) });
    const { position: first } = await append(log, 'a', 'old', { time: now });
    const { position: second } = await append(log, 'a', 'old too', { time: now });
    now += 500;
    await append(log, 'a', 'young', { time: now });
    now += 499;
    assert.deepEqual(gapsOf(await log.read(['a'], after(first), PLENTY)), []);
    now += 1;
    const [gap, ...others] = gapsOf(await log.read(['a'], after(first), PLENTY));
    assert.deepEqual([gap?.reason, gap?.to.sequence, others], ['expired', second.sequence, []]);
  });

  test(`${name}: one channel's gap is not another's`, async (t) => {
    const log = await open(t, { retention: (channel) => keeps(channel === 'a' ? 1 : 100) });
    const { position: from } = await log.read(['a', 'b'], FROM_NOW, PLENTY);
    const [lost] = await appendAll(log, 'a', ['1', '2']);
    await appendAll(log, 'b', ['3', '4']);
    const page = await log.read(['a', 'b'], after(from), PLENTY);
    assert.deepEqual(gapsOf(page), [{ channel: 'a', from, to: lost, reason: 'trimmed' }]);
    assert.deepEqual(dataOf(page), ['2', '3', '4']);
  });

  test(`${name}: gaps stand in front, so that a reader that is cut anywhere has been told of all that it passed`, async (t) => {
    const log = await open(t, { retention: (channel) => keeps(channel === 'all' ? 100 : 0) });
    const { position: from } = await log.read(['all'], FROM_NOW, PLENTY);
    for (const channel of ['x', 'all', 'y', 'all']) await append(log, channel, channel);
    const { items } = await log.read(['all', 'x', 'y'], after(from), PLENTY);
    const shapes = items.map((item) =>
      item.kind === 'gap' ? `gap ${item.gap.channel}` : item.message.channel,
    );
    assert.deepEqual(shapes, ['gap x', 'gap y', 'all', 'all']);
  });

  test(`${name}: a channel without history announces what came while nobody listened`, async (t) => {
    const log = await open(t, { retention: () => keeps(0) });
    const { position: from } = await log.read(['a'], FROM_NOW, PLENTY);
    const [, second] = await appendAll(log, 'a', ['1', '2']);
    const page = await log.read(['a'], after(from), PLENTY);
    assert.deepEqual(gapsOf(page), [{ channel: 'a', from, to: second, reason: 'trimmed' }]);
    assert.equal(page.items.length, 1);
    assert.deepEqual(gapsOf(await log.read(['a'], after(page.position), PLENTY)), []);
  });

  test(`${name}: a forgotten channel announces rather too much than too little`, async (t) => {
    const log = await open(t, { retention: () => keeps(0), maxChannels: 2 });
    const { position: from } = await log.read(['a'], FROM_NOW, PLENTY);
    const [lost] = await appendAll(log, 'a', ['lost']);
    for (const channel of ['b', 'c', 'd', 'e']) await appendAll(log, channel, ['x']);
    const [gap] = gapsOf(await log.read(['a'], after(from), PLENTY));
    assert.ok(gap && gap.to.sequence >= lost!.sequence);
    const [further] = await appendAll(log, 'a', ['after it was forgotten']);
    const [again] = gapsOf(await log.read(['a'], after(from), PLENTY));
    assert.equal(again?.to.sequence, further?.sequence);
  });
}
