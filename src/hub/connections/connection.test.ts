import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { ScriptedSink } from '../../../test/hub/support/scripted-sink.ts';
import { memoryLog } from '../../log/memory/memory-log.ts';
import { FROM_NOW } from '../../protocol/start.ts';
import { Hub } from '../hub.ts';

function connect(t: TestContext, channels: readonly string[]) {
  const hub = new Hub(memoryLog(), {});
  t.after(() => hub.close());
  const sink = new ScriptedSink();
  const connection = hub.connect(
    { transport: 'test', address: '', access: hub.anonymous },
    { sink, beat() {}, close() {}, abort() {} },
  );
  const cursors = channels.map((channel) => connection.open([channel], FROM_NOW));
  const publish = (channel: string, bytes = 1) =>
    hub.publish({
      channel,
      payload: { kind: 'text', text: 'x'.repeat(bytes) },
      type: undefined,
      conflationKey: undefined,
      idempotencyKey: undefined,
    });
  /** The sink takes one write; resolves with the channels whose messages were in it. */
  const drain = async () => {
    const before = sink.items.length;
    sink.takes = 1;
    await connection.drained();
    return sink.items.slice(before).map((item) => item.kind === 'message' && item.message.channel);
  };
  return { hub, sink, cursors, publish, drain };
}

test('a channel that never rests keeps no other channel of its connection from its turn', async (t) => {
  const { hub, sink, cursors, publish, drain } = connect(t, ['firehose', 'chat', 'news']);
  for (const cursor of cursors) await cursor.resume();
  sink.takes = 0;
  for (const channel of ['firehose', 'chat', 'news']) await publish(channel);
  hub.fanOut.flush();
  const drains: unknown[] = [];
  for (let round = 0; round < 4; round++) {
    // Each more than a page can hold.
    for (let count = 0; count < 2; count++) await publish('firehose', 64 * 1024);
    drains.push(await drain());
  }
  assert.deepEqual(drains, [['firehose'], ['chat'], ['news'], ['firehose']]);
});

test('each cursor may have a sink of its own, and one that is full holds up no other', async (t) => {
  const hub = new Hub(memoryLog(), {});
  t.after(() => hub.close());
  const [control, slow, quick] = [new ScriptedSink(), new ScriptedSink(), new ScriptedSink()] as const;
  const connection = hub.connect(
    { transport: 'test', address: '', access: hub.anonymous },
    { sink: control, beat() {}, close() {}, abort() {} },
  );
  await connection.open(['slow'], FROM_NOW, slow).resume();
  await connection.open(['quick'], FROM_NOW, quick).resume();
  slow.takes = 0;
  const publish = (channel: string) =>
    hub.publish({
      channel,
      payload: { kind: 'text', text: 'x' },
      type: undefined,
      conflationKey: undefined,
      idempotencyKey: undefined,
    });
  for (const channel of ['slow', 'quick', 'slow', 'quick']) await publish(channel);
  hub.fanOut.flush();
  assert.deepEqual([slow.sequences, quick.sequences, control.items], [[], [2, 4], []]);
  assert.equal(connection.lagging, true);
  slow.takes = 100;
  await connection.drained(quick);
  assert.deepEqual(slow.sequences, []);
  await connection.drained(slow);
  assert.deepEqual(slow.sequences, [1, 3]);
});
