import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StoredMessage } from '../../src/log/message.ts';
import { makeDirectory, makeFastDirectory } from '../support/directory.ts';
import { appendText, openLog, readMessages, textOf } from './support/log.ts';
import { LogNode } from './support/node.ts';

test('what several processes append at once, each of them hears once and in the one order', async (t) => {
  const directory = await makeDirectory(t);
  const mine: StoredMessage[] = [];
  const log = await openLog(
    t,
    { directory },
    { follower: { appended: (message) => mine.push(message), interrupted: () => assert.fail() } },
  );
  await log.follow('a');
  const nodes = await Promise.all([1, 2].map(() => LogNode.start(t, directory, ['a'])));
  for (const [index, node] of nodes.entries()) {
    node.append({ channel: 'a', name: `${index}`, messages: 1000, atOnce: index ? 1 : 20 });
  }
  for (let count = 0; count < 200; count++) await appendText(log, 'a', `mine.${count}`);
  await Promise.all(nodes.map((node) => node.says('done')));
  await appendText(log, 'a', 'end');
  await Promise.all(nodes.map((node) => node.hears('end')));

  const expected = (await readMessages(log, 'a')).map(({ sequence }) => sequence);
  assert.equal(expected.length, 2201);
  assert.deepEqual(
    mine.map(({ sequence }) => sequence),
    expected,
  );
  for (const { heard } of nodes) {
    assert.deepEqual(
      heard.map(({ sequence }) => sequence),
      expected,
    );
  }
});

test('what a channel does not keep is heard in other processes all the same', async (t) => {
  const directory = await makeFastDirectory(t);
  const node = await LogNode.start(t, directory, ['ephemeral']);
  const log = await openLog(t, { directory });
  for (let count = 0; count < 50; count++) await appendText(log, 'ephemeral', `${count}`);
  await node.hears('49');
  assert.equal(node.heard.length, 50);
  assert.deepEqual(await readMessages(log, 'ephemeral'), []);
});

test('a process that was stopped for long hears that it may have missed some, and what comes then', async (t) => {
  const directory = await makeFastDirectory(t);
  const node = await LogNode.start(t, directory, ['ephemeral']);
  const log = await openLog(t, { directory });
  node.signal('SIGSTOP');
  await Promise.all(Array.from({ length: 6000 }, (_, count) => appendText(log, 'ephemeral', `${count}`)));
  node.signal('SIGCONT');
  await node.says('interrupted');
  await appendText(log, 'ephemeral', 'then');
  await node.hears('then');
  assert.deepEqual(
    node.heard.map(({ data }) => data),
    ['then'],
  );
});

test('a process that was stopped for a while hears all of it', async (t) => {
  const directory = await makeFastDirectory(t);
  const node = await LogNode.start(t, directory, ['ephemeral', 'a']);
  const log = await openLog(t, { directory });
  node.signal('SIGSTOP');
  for (let count = 0; count < 100; count++) await appendText(log, count % 2 ? 'ephemeral' : 'a', `${count}`);
  node.signal('SIGCONT');
  await node.hears('99');
  assert.deepEqual(
    node.heard.map(({ data }) => data),
    Array.from({ length: 100 }, (_, count) => `${count}`),
  );
  assert.ok((await readMessages(log, 'a')).every((message) => Number(textOf(message)) % 2 === 0));
});

test('a log opens in a directory that another one of its thread is writing to', async (t) => {
  const directory = await makeDirectory(t);
  const writing = await openLog(t, { directory });
  for (let round = 1; round <= 20; round++) {
    const appends = Array.from({ length: 10 }, () => appendText(writing, 'a', 'mine'));
    const second = await openLog(t, { directory });
    await Promise.all(appends);
    assert.equal((await readMessages(second, 'a')).length, 10 * round);
    await second.close();
  }
});
