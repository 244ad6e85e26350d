import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Position } from '../../protocol/position.ts';
import { after, append, appendAll, dataOf, gapsOf, PLENTY, readAll } from './asking.ts';
import type { OpenedUnderTest } from './log-under-test.ts';

export function testEpoch({ name, open }: OpenedUnderTest): void {
  test(`${name}: a position of another epoch gets a gap for each channel and everything retained`, async (t) => {
    const log = await open(t);
    const [first] = await appendAll(log, 'a', ['1']);
    await appendAll(log, 'b', ['2']);
    const from = { epoch: `not${first!.epoch}`.slice(0, 32), sequence: 7 };
    const to = { epoch: first!.epoch, sequence: 0 };
    const page = await log.read(['a', 'b', 'never'], after(from), PLENTY);
    assert.deepEqual(
      gapsOf(page),
      ['a', 'b', 'never'].map((channel) => ({ channel, from, to, reason: 'epoch' })),
    );
    assert.deepEqual(dataOf(page), ['1', '2']);
  });

  test(`${name}: a position beyond the newest is of another life of the log`, async (t) => {
    const log = await open(t);
    const [first] = await appendAll(log, 'a', ['1']);
    const from = { epoch: first!.epoch, sequence: first!.sequence + 1000 };
    const page = await log.read(['a'], after(from), PLENTY);
    assert.deepEqual(
      gapsOf(page).map(({ reason }) => reason),
      ['epoch'],
    );
    assert.deepEqual(dataOf(page), ['1']);
    assert.ok(page.position.sequence < from.sequence);
  });

  test(`${name}: after a change of epoch what retention removed since is announced as well`, async (t) => {
    const log = await open(t, { retention: (channel) => ({ count: channel === 'a' ? 1 : 99, ageMs: 1e9 }) });
    const positions: Position[] = [];
    for (let index = 0; index < 6; index++) {
      positions.push((await append(log, index < 3 ? 'b' : 'a', `${index}`)).position);
    }
    const from = { epoch: 'another', sequence: 7 };
    for (const messages of [1, 2, 3, 4, 5]) {
      const { items } = await readAll(log, ['a', 'b'], after(from), { messages, bytes: 1e6 });
      assert.deepEqual(dataOf({ items }), ['0', '1', '2', '5']);
      const gaps = gapsOf({ items });
      assert.deepEqual(
        new Set(gaps.filter(({ reason }) => reason === 'epoch').map(({ channel }) => channel)),
        new Set(['a', 'b']),
      );
      // The fourth and the fifth are what is lost of `a` in this epoch.
      const lost = gaps.filter(({ channel }) => channel === 'a');
      assert.equal(lost.at(-1)?.to.sequence, positions[4]!.sequence, `in pages of ${messages}`);
    }
  });
}
