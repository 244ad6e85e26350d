import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Command, heard, type Slot, slotAt } from './slot.ts';

const order = { kind: 'drive', choice: { network: 'direct', tls: 'none' }, pace: 5 } as const;
const begin = (run: string): Command => ({ kind: 'begin', run, node: `node of ${run}`, order });

function after(...commands: readonly (readonly [now: number, command: Command])[]): Slot {
  return commands.reduce<Slot>((slot, [now, command]) => heard(slot, command, now), { kind: 'free' });
}
const runOf = (slot: Slot) => (slot.kind === 'taken' ? slot.run : undefined);

test('of two that begin, the one that the log has first runs, until it says that it is over', () => {
  const both = after([0, begin('a')], [1, begin('b')]);
  assert.deepEqual(both, { kind: 'taken', run: 'a', node: 'node of a', by: 'drive', until: 15_000 });
  assert.equal(runOf(heard(both, { kind: 'over', run: 'b' }, 2)), 'a');
  const over = heard(both, { kind: 'over', run: 'a' }, 2);
  assert.equal(runOf(over), undefined);
  assert.equal(runOf(heard(over, begin('b'), 3)), 'b');
});

test('a run of which nothing is heard any more is over, and one that goes on is not', () => {
  const goesOn = after([0, begin('a')], [10_000, { kind: 'goes on', run: 'a' }]);
  assert.equal(runOf(slotAt(goesOn, 20_000)), 'a');
  assert.equal(runOf(slotAt(goesOn, 25_000)), undefined);
  assert.equal(runOf(heard(goesOn, begin('b'), 25_000)), 'b');
  assert.equal(runOf(after([0, begin('a')], [1, { kind: 'goes on', run: 'b' }])), 'a');
  assert.equal(runOf(after([0, { kind: 'goes on', run: 'a' }])), undefined);
});
