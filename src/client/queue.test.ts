import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createQueue } from './queue.ts';

function watched() {
  const calls: string[] = [];
  const queue = createQueue<number>(
    (paused) => calls.push(paused ? 'pause' : 'resume'),
    () => calls.push('leave'),
  );
  return { calls, queue, reader: queue.iterate() };
}

test('values are given out in order, to readers that came before them and after them', async () => {
  const { queue, reader } = watched();
  const early = reader.next();
  queue.push(1);
  queue.push(2);
  assert.deepEqual([(await early).value, (await reader.next()).value], [1, 2]);
});

test('a consumer that falls behind pauses the channel once, and resumes it when it has read down', async () => {
  const { calls, queue, reader } = watched();
  for (let value = 0; value < 1000; value++) queue.push(value);
  assert.deepEqual(calls, ['pause']);
  for (let value = 0; value < 1000; value++) assert.equal((await reader.next()).value, value);
  assert.deepEqual(calls, ['pause', 'resume']);
});

test('the end comes after what is left, by its error if there is one', async () => {
  const { queue, reader } = watched();
  queue.push(1);
  queue.end(new Error('refused'));
  assert.equal((await reader.next()).value, 1);
  await assert.rejects(reader.next(), /refused/);
  const { queue: other, reader: waiting } = watched();
  const next = waiting.next();
  other.end();
  assert.equal((await next).done, true);
});

test('leaving the loop is told', async () => {
  const { calls, queue, reader } = watched();
  queue.push(1);
  for await (const _ of reader) break;
  assert.deepEqual(calls, ['leave']);
});
