import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { Hub } from '../../src/hub/hub.ts';
import type { HubOptions } from '../../src/hub/options.ts';
import { memoryLog } from '../../src/log/memory/memory-log.ts';
import type { FanwireError } from '../../src/protocol/errors.ts';
import { ReceivedLines } from '../../src/transports/webtransport/received-lines.ts';
import { onEnd } from '../support/on-end.ts';
import { ScriptedReceiveStream } from './support/scripted-streams.ts';

const KIB = 1024;

interface Reading {
  readonly hub: Hub;
  readonly stream: ScriptedReceiveStream;
  readonly lines: ReceivedLines;
  /** What the owner was told, in order. */
  readonly told: string[];
  /** Lets the owner be done with the oldest lines at work, where it does not do so by itself. */
  finish(count?: number): Promise<void>;
}

/** Lines of at most 100 KiB. `slow`: each is at work until the test says that it is done with. */
function read(t: TestContext, { slow = false, ...options }: HubOptions & { slow?: boolean } = {}): Reading {
  const hub = new Hub(memoryLog(), options);
  onEnd(t, async () => {
    await turn();
    assert.equal(hub.received.total, 0, 'everything is given back');
    await hub.close();
  });
  const stream = new ScriptedReceiveStream();
  const told: string[] = [];
  const atWork: (() => void)[] = [];
  const lines = new ReceivedLines(hub, '127.0.0.1', stream, {
    maxBytes: 100 * KIB,
    line(bytes) {
      told.push(bytes.length > 100 ? `${bytes.length} bytes` : bytes.toString());
      return slow ? new Promise((resolve) => atWork.push(resolve)) : Promise.resolve();
    },
    fail: (error: FanwireError) => told.push(error.code),
    done: () => told.push('done'),
  });
  const finish = async (count = atWork.length) => {
    for (const done of atWork.splice(0, count)) done();
    await turn();
  };
  onEnd(t, () => {
    lines.end();
    for (const done of atWork.splice(0)) done();
  });
  return { hub, stream, lines, told, finish };
}

test('lines are the same wherever the pieces that they come in are cut', async (t) => {
  const text = Buffer.from('{"a":"ä€😀"}\n\n  \r\n"b"\r\n3\n');
  for (let first = 0; first <= text.length; first++) {
    for (let second = first; second <= text.length; second++) {
      const { stream, told, hub } = read(t);
      stream.give(text.subarray(0, first), text.subarray(first, second), text.subarray(second));
      stream.end();
      await turn();
      assert.deepEqual(told, ['{"a":"ä€😀"}', '"b"', '3', 'done'], `cut at ${first} and ${second}`);
      assert.equal(hub.received.total, 0);
    }
  }
});

test('a line that comes a byte at a time is whole, and so is the next', async (t) => {
  const { stream, told } = read(t);
  for (const byte of Buffer.from(`"${'x'.repeat(3000)}"\n"next"\n`)) stream.give(Uint8Array.of(byte));
  await turn();
  assert.deepEqual(told, ['3002 bytes', '"next"']);
});

test('the last line may lack its end', async (t) => {
  const { stream, told } = read(t);
  stream.give('1\n2');
  await turn();
  assert.deepEqual(told, ['1']);
  stream.end();
  await turn();
  assert.deepEqual(told, ['1', '2', 'done']);
});

test('blank lines are nothing, and nothing is held of them', async (t) => {
  const { hub, stream, told } = read(t);
  stream.give('\n'.repeat(100 * KIB), ' '.repeat(200 * KIB), '\r\n \t \n');
  assert.equal(hub.received.total, 0);
  stream.end();
  await turn();
  assert.deepEqual(told, ['done']);
});

test('a line takes as many bytes as may be and its end, and not one more', async (t) => {
  const most = 'x'.repeat(100 * KIB);
  for (const end of ['\n', '\r\n']) {
    const { stream, told } = read(t);
    stream.give(`${most}${end}`);
    await turn();
    assert.deepEqual(told, ['102400 bytes']);
    stream.give(`${most}x${end}1\n`);
    await turn();
    assert.deepEqual(told, ['102400 bytes', 'message_too_large']);
    assert.equal(stream.stopped, 0);
  }
});

test('a line without an end is given up once it is too long, and nothing is held of it', async (t) => {
  const { hub, stream, told } = read(t);
  for (let count = 0; count < 100; count++) stream.give('x'.repeat(KIB));
  assert.deepEqual([told, hub.received.total], [[], 100 * KIB]);
  stream.give('xx');
  assert.deepEqual([told, hub.received.total, stream.stopped], [['message_too_large'], 0, 0]);
});

test('bytes that are not UTF-8 end it', async (t) => {
  const { stream, told } = read(t);
  stream.give('1\n', Uint8Array.of(0x22, 0xff, 0x22, 0x0a), '2\n');
  await turn();
  assert.deepEqual(told, ['1', 'invalid_frame']);
  assert.equal(stream.stopped, 0);
});

test('what is wrong is told after the lines before it have been handled', async (t) => {
  const { stream, told, finish } = read(t, { slow: true });
  stream.give('1\n2\n', Uint8Array.of(0xff, 0x0a));
  await turn();
  assert.deepEqual(told, ['1', '2']);
  await finish(1);
  assert.deepEqual(told, ['1', '2']);
  await finish(1);
  assert.deepEqual(told, ['1', '2', 'invalid_frame']);
});

test('no more lines are at work than may be, and the stream is read on with the first that is done', async (t) => {
  const { stream, told, finish } = read(t, { slow: true, limits: { framesInFlight: 2 } });
  stream.give('1\n2\n3\n4\n');
  stream.give('5\n');
  stream.end();
  assert.deepEqual([told, stream.paused], [['1', '2'], true]);
  await finish(1);
  assert.deepEqual([told, stream.paused], [['1', '2', '3'], true]);
  await finish(2);
  await finish(2);
  assert.deepEqual(told, ['1', '2', '3', '4', '5', 'done'].slice(0, told.length));
  await finish();
  assert.deepEqual(told, ['1', '2', '3', '4', '5', 'done']);
});

test('no more bytes are at work than may be', async (t) => {
  const limits = { receivedBytesPerConnection: 150 * KIB };
  const { stream, told, finish } = read(t, { slow: true, limits });
  const line = `${'x'.repeat(80 * KIB)}\n`;
  stream.give(line);
  assert.equal(stream.paused, false);
  stream.give(line);
  assert.equal(stream.paused, true);
  stream.give(line);
  assert.equal(told.length, 2);
  await finish(1);
  assert.equal(told.length, 3);
});

test('who goes beyond the share of an address is told, and what is at work stays counted', async (t) => {
  const { hub, stream, told, finish } = read(t, {
    slow: true,
    limits: { receivedBytesPerAddress: 100 * KIB },
  });
  stream.give(`${'x'.repeat(60 * KIB)}\n`, 'x'.repeat(30 * KIB));
  assert.equal(hub.received.total, 90 * KIB);
  stream.give('x'.repeat(20 * KIB));
  assert.equal(hub.received.total, 60 * KIB);
  await finish();
  assert.deepEqual([told.at(-1), hub.received.total], ['hub_busy', 0]);
});

test('lines at work count after the stream’s end, until they are done with', async (t) => {
  const { hub, stream, told, finish } = read(t, { slow: true });
  stream.give('1234\n', '567');
  stream.end();
  assert.deepEqual([told, hub.received.total], [['1234', '567'], 7]);
  await finish(1);
  assert.equal(hub.received.total, 3);
  await finish(1);
  assert.deepEqual([told.at(-1), hub.received.total], ['done', 0]);
});

test('lines at work count after a reset, which lets go of a line that is not whole', async (t) => {
  const { hub, stream, told, finish } = read(t, { slow: true });
  stream.give('1234\n', '567');
  stream.reset();
  assert.deepEqual([told, hub.received.total], [['1234'], 4]);
  await finish();
  assert.deepEqual([told, hub.received.total], [['1234', 'done'], 0]);
});

test('lines at work count after their session has ended, until they are done with', async (t) => {
  const { hub, stream, lines, told, finish } = read(t, { slow: true });
  stream.give('1234\n', '567');
  lines.end();
  stream.give('8\n');
  assert.deepEqual([told, hub.received.total], [['1234'], 4]);
  await finish();
  assert.deepEqual([told, hub.received.total], [['1234'], 0]);
});

test('a large line that comes too slowly is given up at a heartbeat', async (t) => {
  const { stream, lines, told } = read(t, { heartbeatMs: 1000 });
  stream.give('x'.repeat(70 * KIB));
  lines.beat();
  stream.give('x'.repeat(4 * KIB));
  lines.beat();
  assert.deepEqual(told, [], '4 KiB a second is what is asked for');
  stream.give('x'.repeat(4 * KIB - 1));
  lines.beat();
  assert.deepEqual(told, ['body_too_slow']);
});

test('a line is not taken for a slow one because another was as long at the heartbeat before', async (t) => {
  const { stream, lines, told } = read(t, { heartbeatMs: 1000 });
  for (let count = 0; count < 3; count++) {
    stream.give('x'.repeat(70 * KIB));
    lines.beat();
    stream.give('\n');
  }
  await turn();
  assert.deepEqual(told, ['71680 bytes', '71680 bytes', '71680 bytes']);
});

test('a line is not taken for a slow one while the hub does not read on', async (t) => {
  const limits = { receivedBytesPerConnection: 10 * KIB };
  const { stream, lines, told, finish } = read(t, { slow: true, heartbeatMs: 1000, limits });
  stream.give(`${'x'.repeat(10 * KIB)}\n${'x'.repeat(70 * KIB)}`);
  assert.equal(stream.paused, true);
  for (let count = 0; count < 3; count++) lines.beat();
  await finish();
  stream.give('\n');
  assert.deepEqual(told, ['10240 bytes', '71680 bytes']);
});
