import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { memoryLog } from '../../log/memory/memory-log.ts';
import { Hub } from '../hub.ts';
import type { HubOptions } from '../options.ts';
import { checkPublish, checkRead } from './check-rights.ts';

const CREDENTIALS = { token: undefined, headers: {}, address: '10.0.0.1' };

function open(t: TestContext, options: HubOptions) {
  const hub = new Hub(memoryLog(), options);
  t.after(() => hub.close());
  const access = hub.authorise(CREDENTIALS);
  assert.ok(!(access instanceof Promise));
  return { hub, access };
}

test('where no function has to be asked there is no promise, and an open hub has one access for all', (t) => {
  const { hub, access } = open(t, { channels: { 'a.*': { read: 'anyone' } } });
  assert.equal(hub.rights, undefined);
  assert.equal(hub.authorise(CREDENTIALS), access);
  assert.equal(checkRead(access, ['a.1', 'b']), undefined);
  assert.equal(checkPublish(access, 'a.1'), undefined);
});

test('beside functions it is the same for other channels, and for what is known', async (t) => {
  const { access } = open(t, { channels: { 'a.*': { read: () => true } } });
  assert.equal(checkRead(access, ['b']), undefined);
  const asked = checkRead(access, ['a.1', 'b']);
  assert.ok(asked instanceof Promise);
  await asked;
  assert.equal(checkRead(access, ['a.1', 'b']), undefined);
});
