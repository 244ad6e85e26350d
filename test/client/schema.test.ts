import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import * as v from 'valibot';
import { startClient } from '../faults/subscriber.ts';
import { publishAll, startHub } from '../support/hub.ts';

test('a schema types and checks what comes: what does not pass goes to onError, and the rest comes in order', async (t) => {
  const { hub, url } = await startHub(t);
  const client = startClient(t, url, { transports: ['websocket'] });
  const schema = v.pipeAsync(
    v.number('a number, please'),
    // The larger the faster: the order must not depend on it.
    v.transformAsync(async (value) => {
      for (let turns = 5; turns > value; turns--) await turn();
      return `#${value}`;
    }),
  );
  const got: string[] = [];
  const all = new Promise<void>((resolve) => {
    const { ready } = client.subscribe('scores', {
      schema,
      onMessage: ({ data }) => {
        got.push(data);
        if (data === '#5') resolve();
      },
      onError: (error) => got.push(`${error}`),
    });
    ready.then(() => publishAll(hub, 'scores', [1, 'two', 3, 5]));
  });
  await all;
  assert.match(got[1]!, /^FanwireError: message \S+ of scores: a number, please$/);
  assert.deepEqual([got[0], ...got.slice(2)], ['#1', '#3', '#5']);
});

test('what was still being checked when the subscription closed is not handed over', async (t) => {
  const { hub, url } = await startHub(t);
  const client = startClient(t, url, { transports: ['websocket'] });
  const got: unknown[] = [];
  const [gate, pass] = latch();
  const [checking, started] = latch();
  const schema = v.pipeAsync(
    v.number(),
    v.checkAsync(async () => {
      started();
      await gate;
      return true;
    }),
  );
  const subscription = client.subscribe('scores', { schema, onMessage: ({ data }) => got.push(data) });
  await subscription.ready;
  await hub.publish('scores', 1);
  await checking;
  subscription.close();
  pass();
  await turn();
  assert.deepEqual(got, []);
});

function latch(): [Promise<void>, () => void] {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return [opened, open];
}
