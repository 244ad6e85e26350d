import assert from 'node:assert/strict';
import { test } from 'node:test';
import { send } from '../support/http.ts';
import { startHub } from '../support/hub.ts';
import { watchOccupancy } from '../support/occupancy.ts';

test('a channel is occupied by its first subscriber, and vacated a little after its last', async (t) => {
  const events: string[] = [];
  let vacated = () => {};
  const { hub } = await startHub(t, {
    onOccupied: (channel) => events.push(`+${channel}`),
    onVacated: (channel) => {
      events.push(`-${channel}`);
      vacated();
    },
  });
  const nextVacated = () =>
    new Promise<void>((resolve) => {
      vacated = resolve;
    });
  const first = hub.subscribe(['a', 'b']);
  const second = hub.subscribe('a');
  await new Promise(setImmediate);
  assert.deepEqual(events, ['+a', '+b']);
  first.close();
  await nextVacated();
  assert.deepEqual(events, ['+a', '+b', '-b']);
  second.close();
  await nextVacated();
  assert.deepEqual(events, ['+a', '+b', '-b', '-a']);
});

test('a fault in a hook is reported, and harms nobody', async (t) => {
  const faults: unknown[] = [];
  const { hub } = await startHub(t, {
    onOccupied: () => {
      throw new Error('of the hook');
    },
    onError: (fault) => faults.push(fault),
  });
  const subscription = hub.subscribe('a', { after: 'start' });
  await hub.publish('a', 1);
  assert.equal((await subscription.next()).value?.data, 1);
  assert.equal((faults[0] as Error).message, 'of the hook');
  subscription.close();
});

test('what a hook publishes reaches its subscribers', async (t) => {
  const occupancy = watchOccupancy();
  const { hub, url } = await startHub(t, {
    onOccupied: (channel) => channel === 'parked' && occupancy.options.onOccupied?.(channel),
    onVacated: (channel) => void hub.publish('audit', `${channel} was left`),
  });
  const heard: unknown[] = [];
  const told = new Promise<void>((resolve) => {
    hub.subscribe('audit', ({ data }) => {
      heard.push(data);
      if (heard.length === 2) resolve();
    });
  });
  const occupied = occupancy.occupied();
  const parked = send(`${url}/channels/parked?wait=30`);
  await occupied;
  // It has read, and follows.
  await new Promise(setImmediate);
  // Both in one tick: the parked request is answered, and its channel left, while the tick is written.
  void hub.publish('audit', 'first');
  void hub.publish('parked', 1);
  await parked;
  await told;
  assert.deepEqual(heard, ['first', 'parked was left']);
});

test('so is a fault of one that is async', async (t) => {
  const fault = new Error('of the hook, later');
  const reported = new Promise((resolve) => {
    void startHub(t, {
      onOccupied: async () => {
        throw fault;
      },
      onError: resolve,
    }).then(({ hub }) => hub.subscribe('a'));
  });
  assert.equal(await reported, fault);
});
