import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { ScriptedLog } from '../../../test/hub/support/scripted-log.ts';
import { countingFormat, ScriptedSink } from '../../../test/hub/support/scripted-sink.ts';
import type { Log } from '../../log/log.ts';
import { memoryLog } from '../../log/memory/memory-log.ts';
import { FROM_START, type Start } from '../../protocol/start.ts';
import { SecondWheel } from '../connections/second-wheel.ts';
import { Meter } from '../meter.ts';
import { FanOut } from './fan-out.ts';

const EPOCH = 'test';

/** A fan-out over a log that counts its reads, and has so many messages of so many bytes. */
async function openFanOut(log: Log, messages = 0, bytesEach = 1) {
  const reads: Start[] = [];
  const { read } = log;
  log.read = (channels, start, limit) => {
    reads.push(start);
    return read.call(log, channels, start, limit);
  };
  const wheel = new SecondWheel();
  const fanOut = new FanOut(log, new Meter(), wheel, { occupied() {}, vacated() {}, error: assert.fail });
  await log.open(fanOut, () => ({ count: 100_000, ageMs: 1e9 }));
  const publish = (text = 'x'.repeat(bytesEach)) =>
    log.append([
      { message: { channel: 'a', type: undefined, time: Date.now(), payload: { kind: 'text', text } } },
    ]);
  for (let count = 0; count < messages; count++) await publish();
  const format = countingFormat();
  /** A sink that is given what comes after a sequence, once all of it has come. */
  const join = async (start: Start) => {
    const sink = new ScriptedSink(format);
    await fanOut.open(['a'], sink, start).resume();
    return sink;
  };
  return { wheel, publish, join, reads, format };
}

const memory = () => memoryLog({ epoch: EPOCH });
const after = (sequence: number, epoch = EPOCH): Start => ({ kind: 'after', position: { epoch, sequence } });

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

test('a thousand that come back to one place cost one read, and take the very same chunk', async () => {
  const { join, reads, format } = await openFanOut(memory(), 60);
  const sinks = await Promise.all(range(1, 1000).map(() => join(after(10))));
  assert.equal(reads.length, 1);
  assert.equal(format.encoded, 50);
  assert.deepEqual(sinks[0]!.sequences, range(11, 60));
  for (const { chunks } of sinks) assert.deepEqual(chunks, [sinks[0]!.chunks[0]]);
  const late = await join(after(10));
  assert.equal(late.chunks[0], sinks[0]!.chunks[0], 'also one that comes a little later');
});

test('of those that come back to different places each message is encoded once', async () => {
  const { join, format } = await openFanOut(memory(), 60);
  for (const [from, sink] of (await Promise.all(range(0, 59).map((from) => join(after(from))))).entries())
    assert.deepEqual(sink.sequences, range(from + 1, 60));
  assert.equal(format.encoded, 60);
});

test('those that are more than a page behind come together at the end of a page', async () => {
  const { join, reads } = await openFanOut(memory(), 2000);
  assert.deepEqual((await join(after(0))).sequences, range(1, 2000));
  const alone = reads.length;
  for (const from of [7, 300, 256, 31]) {
    assert.deepEqual((await join(after(from))).sequences, range(from + 1, 2000));
  }
  assert.equal(reads.length, alone + 3, 'one read each, and none from where a page ended');
});

test('when the log was interrupted, all that were live are given what they missed by one read', async () => {
  const log = new ScriptedLog();
  const { join, publish, reads } = await openFanOut(log, 1);
  const joining = range(1, 50).map(() => join(after(0, 'scripted')));
  await log.asked();
  log.answerReads();
  const sinks = await Promise.all(joining);
  log.tell();
  await turn();
  await publish();
  reads.length = 0;
  log.interrupt();
  await log.asked();
  log.answerReads();
  await turn();
  assert.deepEqual(reads, [after(1, 'scripted')]);
  for (const sink of sinks) assert.deepEqual(sink.sequences, [1, 2]);
});

test('what was asked for before an interruption is not given to who comes after it', async () => {
  const log = new ScriptedLog();
  const { join, publish } = await openFanOut(log, 1);
  void join(after(0, 'scripted'));
  await log.asked();
  await publish();
  log.interrupt();
  const late = join(after(0, 'scripted'));
  for (let round = 0; round < 4; round++) {
    await turn();
    log.answerReads();
  }
  assert.deepEqual((await late).sequences, [1, 2]);
});

test('the newest few are those of the moment they are asked for', async () => {
  const { join, publish } = await openFanOut(memory(), 5);
  const last: Start = { kind: 'last', count: 2 };
  assert.deepEqual((await join(last)).sequences, [4, 5]);
  await publish();
  assert.deepEqual((await join(last)).sequences.slice(0, 2), [5, 6]);
});

test('a log that lacks what it has told of keeps nobody else from being served', async () => {
  const log = memory();
  const { join, publish } = await openFanOut(log, 1);
  const { read } = log;
  const behind = await log.read(['a'], after(1), { messages: 1, bytes: 1 });
  await join(FROM_START);
  await publish();
  await turn();
  log.read = async () => behind;
  const joining = join(after(1));
  await turn();
  log.read = read;
  assert.deepEqual((await joining).sequences, [2]);
});

test('once the channel has moved on, who comes takes one page up to its new end', async () => {
  const { join, publish } = await openFanOut(memory(), 5);
  await join(after(0));
  await publish();
  await turn();
  const sink = await join(after(0));
  assert.deepEqual([sink.sequences, sink.chunks.length], [range(1, 6), 1]);
});

test('nothing is kept for longer than a second or two, nor above a few megabytes', async () => {
  const { join, wheel, reads } = await openFanOut(memory(), 100, 64 * 1024);
  const readsOf = async (start: Start) => {
    reads.length = 0;
    await join(start);
    return reads.length;
  };
  await join(after(99));
  assert.equal(await readsOf(after(99)), 0);
  wheel.turn();
  assert.equal(await readsOf(after(99)), 1);
  await join(FROM_START);
  assert.equal(await readsOf(FROM_START), 100, 'the first of its pages were let go as the last came');
});
