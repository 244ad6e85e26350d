import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Member } from '../../protocol/frames.ts';
import { changesBetween } from './changes.ts';
import { Roll } from './roll.ts';

const member = (client: string, since: number, data?: unknown): Member => ({ client, since, data });
const clients = (roll: Roll) => [...roll.members.keys()].sort();

test('what was told while the hub was asked counts, whether its answer knows of it or not', () => {
  const roll = new Roll();
  roll.took({ type: 'join', member: member('ada', 1) });
  roll.took({ type: 'leave', member: member('bob', 0) });
  roll.took({ type: 'update', member: member('cleo', 0, 'new') });
  assert.equal(roll.isKnown, false);
  roll.answered([member('bob', 0), member('cleo', 0, 'old')]);
  assert.deepEqual(clients(roll), ['ada', 'cleo']);
  assert.equal(roll.members.get('cleo')?.data, 'new');
  roll.took({ type: 'leave', member: member('ada', 1) });
  assert.deepEqual(clients(roll), ['cleo']);
});

test('an answer that knows of a stay which is still to be told of is not undone by the end of the one before', () => {
  const roll = new Roll();
  roll.took({ type: 'leave', member: member('ada', 1) });
  roll.answered([member('ada', 5)]);
  assert.deepEqual(clients(roll), ['ada']);
  roll.took({ type: 'join', member: member('ada', 5) });
  assert.deepEqual(clients(roll), ['ada']);
});

test('an answer that is older than two changes of a member is undone by both', () => {
  const roll = new Roll();
  roll.took({ type: 'leave', member: member('ada', 1) });
  roll.took({ type: 'join', member: member('ada', 5) });
  roll.took({ type: 'leave', member: member('ada', 5) });
  roll.answered([member('ada', 1)]);
  assert.deepEqual(clients(roll), []);
});

test('after changes were missed nothing is known until the hub has answered, and what it no longer lists is gone', () => {
  const roll = new Roll();
  roll.answered([member('ada', 1), member('bob', 1)]);
  roll.missed();
  assert.equal(roll.isKnown, false);
  roll.answered([member('bob', 1)]);
  assert.deepEqual(clients(roll), ['bob']);
});

test('changes between two lists name who left, who came and who has other data', () => {
  const before = new Map(
    [member('ada', 1), member('bob', 1, 'a'), member('cleo', 1)].map((m) => [m.client, m]),
  );
  const after = new Map(
    [member('bob', 1, 'b'), member('cleo', 1), member('dan', 2)].map((m) => [m.client, m]),
  );
  assert.deepEqual(
    changesBetween(before, after).map(({ type, member }) => `${type} ${member.client}`),
    ['leave ada', 'update bob', 'join dan'],
  );
});
