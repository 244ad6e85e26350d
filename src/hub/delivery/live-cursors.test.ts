import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ScriptedSink } from '../../../test/hub/support/scripted-sink.ts';
import type { Cursor } from './cursor.ts';
import { LiveCursors } from './live-cursors.ts';

/** As much of a cursor as is asked of one that is live. */
function liveCursor(name: string, told: string[]) {
  const sink = new ScriptedSink();
  sink.onWrite = () => told.push(name);
  const cursor = { sink, fallBehind: () => told.push(`${name} behind`) } as unknown as Cursor;
  return { sink, cursor };
}

test('nobody is the last always, and whoever leaves or falls behind takes nobody else along', () => {
  const told: string[] = [];
  const heard = () => told.splice(0).join(' ');
  const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((name) => liveCursor(name, told));
  const live = new LiveCursors(a!.cursor);
  for (const { cursor } of [b!, c!, d!]) live.add(cursor);

  assert.equal(live.write([], undefined), 4);
  assert.equal(heard(), 'd c b a');
  assert.equal(live.write([], undefined), 4);
  assert.equal(heard(), 'a b c d');

  c!.sink.takes = 0;
  assert.equal(live.write([], { epoch: 'e', sequence: 1 }), 3);
  assert.equal(heard(), 'd c behind b a');
  const leaves = a!.sink.onWrite;
  a!.sink.onWrite = () => {
    leaves();
    live.remove(a!.cursor);
  };
  assert.equal(live.write([], undefined), 3);
  assert.deepEqual(heard().split(' ').sort(), ['a', 'b', 'd']);
  assert.equal(live.write([], undefined), 2);
  assert.deepEqual(heard().split(' ').sort(), ['b', 'd']);
});
