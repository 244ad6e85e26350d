import assert from 'node:assert/strict';
import { cp, rm } from 'node:fs/promises';
import { test } from 'node:test';
import { lmdbLog } from '../../src/log/lmdb/index.ts';
import { FROM_NOW } from '../../src/protocol/start.ts';
import { makeDirectory } from '../support/directory.ts';
import { appendText, KEEPS_ALL, openLog, readMessages, textOf } from './support/log.ts';
import { LogNode } from './support/node.ts';

const ROUNDS = 12;
const NEWEST = { messages: 1, bytes: 1 };

test('killed at any moment, it keeps what it acknowledged, once and where it said, and its retries', async (t) => {
  const directory = await makeDirectory(t);
  const epochs = new Set<string>();
  let newest = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const node = await LogNode.start(t, directory);
    node.append({ channel: 'a', name: `${round}`, messages: 1e6, atOnce: round % 2 ? 1 : 100 });
    // From within the first transactions to thousands of messages later.
    await node.acknowledges(3 ** (round % 6));
    await node.kill();

    const log = await openLog(t, { directory });
    const { position } = await log.read(['a'], FROM_NOW, NEWEST);
    epochs.add(position.epoch);
    assert.ok(position.sequence >= newest + node.acknowledged.length, 'sequences go on');
    newest = position.sequence;

    const messages = await readMessages(log, 'a');
    const places = new Map(messages.map((message) => [textOf(message), message.sequence]));
    assert.equal(places.size, messages.length, 'each message is there once');
    for (const { data, sequence } of node.acknowledged) assert.equal(places.get(data), sequence, data);

    // Whoever heard nothing of its publish may publish it again.
    const unheard = messages.filter((message) => textOf(message).startsWith(`${round}.`)).slice(-3);
    for (const message of unheard) {
      const retried = await appendText(log, 'a', textOf(message), textOf(message));
      assert.ok(retried.duplicate);
      assert.equal(retried.position.sequence, message.sequence);
    }
    await log.close();
  }
  assert.equal(epochs.size, 1, 'it is the same epoch');
});

test('what a process that is killed was writing does not hold up those that share the directory', async (t) => {
  const directory = await makeDirectory(t);
  const log = await openLog(t, { directory });
  for (let round = 0; round < 5; round++) {
    const node = await LogNode.start(t, directory);
    node.append({ channel: 'a', name: `${round}`, messages: 1e6, atOnce: 100 });
    await node.acknowledges(500);
    await Promise.all([node.kill(), ...Array.from({ length: 50 }, () => appendText(log, 'b', 'mine'))]);
    await appendText(log, 'b', 'mine');
    const places = new Map((await readMessages(log, 'a')).map((one) => [textOf(one), one.sequence]));
    for (const { data, sequence } of node.acknowledged) assert.equal(places.get(data), sequence, data);
  }
  assert.equal((await readMessages(log, 'b')).length, 5 * 51);
});

test('a disk that is full refuses messages and takes nothing from those it has', async (t) => {
  const directory = await makeDirectory(t);
  const node = await LogNode.startConfined(t, directory, 2000);
  node.append({ channel: 'a', name: 'first', messages: 1e6, atOnce: 100 });
  await node.says('done');
  await node.says('refused');
  const { length } = node.acknowledged;
  assert.ok(length > 100);
  // It still runs, and still refuses.
  node.append({ channel: 'a', name: 'second', messages: 1e6, atOnce: 100 });
  await node.says('done');
  await node.kill();

  const log = await openLog(t, { directory });
  await appendText(log, 'a', 'there is room again');
  const places = new Map((await readMessages(log, 'a')).map((one) => [textOf(one), one.sequence]));
  for (const { data, sequence } of node.acknowledged) assert.equal(places.get(data), sequence, data);
});

test('a key is remembered over a restart, and only as long as it should be', async (t) => {
  const directory = await makeDirectory(t);
  let now = 1_000_000;
  const options = { directory, keyTtlMs: 1000, clock: () => now };
  const first = await openLog(t, options);
  const { position } = await appendText(first, 'a', 'x', 'key');
  await first.close();

  now += 999;
  const second = await openLog(t, options);
  const retried = await appendText(second, 'a', 'x', 'key');
  assert.deepEqual([retried.duplicate, retried.position.sequence], [true, position.sequence]);
  await second.close();

  now += 1;
  const third = await openLog(t, options);
  assert.equal((await appendText(third, 'a', 'x', 'key')).duplicate, false);
});

test('a directory that can not be one is told in a sentence, and so is whoever uses the log then', async (t) => {
  const directory = await makeDirectory(t);
  const log = await openLog(t, { directory: `${directory}/not/yet/there` });
  await appendText(log, 'a', 'x');

  const impossible = lmdbLog({ directory: '/dev/null/log' });
  const refusal = { code: 'log_unavailable', message: /\/dev\/null\/log can't be opened/ };
  const opening = impossible.open({ appended() {}, interrupted() {} }, () => KEEPS_ALL);
  await Promise.all([
    assert.rejects(opening, refusal),
    assert.rejects(appendText(impossible, 'a', 'x'), refusal),
    assert.rejects(readMessages(impossible, 'a'), refusal),
  ]);
  await impossible.close();
});

test('a directory that is put back from a backup is another epoch, whose positions nobody can take for those lost', async (t) => {
  const directory = await makeDirectory(t);
  const backup = await makeDirectory(t);
  const first = await openLog(t, { directory });
  const kept = await appendText(first, 'a', 'kept');
  await first.close();
  await cp(directory, backup, { recursive: true });
  const second = await openLog(t, { directory });
  const lost = await appendText(second, 'a', 'lost');
  assert.equal(lost.position.epoch, kept.position.epoch, 'opening it again changes nothing');
  await second.close();
  await rm(directory, { recursive: true });
  await cp(backup, directory, { recursive: true });

  const log = await openLog(t, { directory });
  const instead = await appendText(log, 'a', 'instead');
  assert.equal(instead.position.sequence, lost.position.sequence);
  assert.notEqual(instead.position.epoch, lost.position.epoch);
  const { items } = await log.read(
    ['a'],
    { kind: 'after', position: lost.position },
    { messages: 9, bytes: 99 },
  );
  assert.deepEqual(
    items.map((item) => (item.kind === 'gap' ? item.gap.reason : textOf(item.message))),
    ['epoch', 'kept', 'instead'],
  );
});
