import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Holding } from '../../log/roster.ts';
import { type HoldEvent, holdAfter, newHold, untoldOf } from './hold.ts';

const MEMBER_KEY = { channel: 'room', client: 'ada' };
const MEMBER = { client: 'ada', since: 1 };
const STAY = { ...MEMBER_KEY, id: 'first', member: MEMBER };
const JOINED: Holding = { change: 'join', stay: STAY, ended: undefined };

function after(...events: readonly HoldEvent[]) {
  return events.reduce(holdAfter, newHold(MEMBER_KEY, MEMBER, 'first'));
}

const answered: HoldEvent = { kind: 'answered', asked: MEMBER, holding: JOINED, id: 'second' };

test('a hold is asked for under one id until the roster answers', () => {
  const again = after({ kind: 'joined', member: { ...MEMBER, data: 1 }, id: 'second' });
  assert.deepEqual(again.known, { kind: 'wanted', id: 'first', untold: [] });
});

test('what came with other data while the roster was asked is asked for anew', () => {
  const data = { ...MEMBER, data: 1 };
  const hold = after({ kind: 'joined', member: data, id: 'unused' }, answered);
  assert.equal(hold.known.kind === 'wanted' && hold.known.id, 'second');
  assert.deepEqual(
    untoldOf(hold).map(({ change }) => change),
    ['join'],
  );
});

test('what was not told before another join is told all the same, and once', () => {
  const hold = after(answered, { kind: 'joined', member: MEMBER, id: 'third' });
  const unchanged: Holding = { ...JOINED, change: undefined };
  const asked = holdAfter(hold, { kind: 'answered', asked: MEMBER, holding: unchanged, id: 'fourth' });
  assert.equal(untoldOf(asked).length, 1);
  assert.deepEqual(holdAfter(asked, { kind: 'told' }).known, { kind: 'held' });
});

test('a client that joins after its goodbye lingers again', () => {
  const gone = after({ kind: 'goodbye' });
  assert.equal(gone.afterwards, 'leaves');
  assert.equal(holdAfter(gone, { kind: 'joined', member: MEMBER, id: 'other' }).afterwards, 'lingers');
});
