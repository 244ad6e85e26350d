import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
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

test('whoever comes and goes, also while it is written to, each that is there gets each chunk once', () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant('come' as const) }),
    fc.record({ kind: fc.constantFrom('go', 'goes when written to', 'takes nothing'), which: fc.nat(20) }),
    fc.record({ kind: fc.constant('write' as const) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const told: string[] = [];
      const first = liveCursor('0', told);
      const live = new LiveCursors(first.cursor);
      const there = new Map([['0', first]]);
      for (const [at, one] of [...steps, { kind: 'write' as const }].entries()) {
        const names = [...there.keys()];
        if (one.kind === 'come') {
          const name = `${at + 1}`;
          there.set(name, liveCursor(name, told));
          live.add(there.get(name)!.cursor);
        } else if (one.kind === 'write') {
          told.length = 0;
          const taking = names.filter((name) => there.get(name)!.sink.writable);
          const behind = names.filter((name) => !taking.includes(name));
          assert.equal(live.write([], { epoch: 'e', sequence: 1 }), taking.length);
          assert.deepEqual([...told].sort(), [...taking, ...behind.map((name) => `${name} behind`)].sort());
          for (const name of behind) there.delete(name);
        } else if (names.length > 0) {
          const name = names[one.which % names.length]!;
          const { sink, cursor } = there.get(name)!;
          const go = () => {
            live.remove(cursor);
            there.delete(name);
          };
          if (one.kind === 'go') go();
          else if (one.kind === 'takes nothing') sink.takes = 0;
          else {
            sink.onWrite = () => {
              told.push(name);
              go();
            };
          }
        }
      }
      assert.equal(live.empty, there.size === 0);
    }),
    { numRuns: 500 },
  );
});
