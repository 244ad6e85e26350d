import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { Hub } from '../../src/hub/hub.ts';
import type { HubOptions } from '../../src/hub/options.ts';
import { memoryLog } from '../../src/log/memory/memory-log.ts';
import { payloadOf } from '../../src/log/message.ts';
import type { FanwireError } from '../../src/protocol/errors.ts';
import { FROM_START } from '../../src/protocol/start.ts';
import { SimulatedRuntime } from '../support/simulated-runtime.ts';
import { ScriptedSink } from './support/scripted-sink.ts';

const SECOND = 1_000;
const HOUR = 3_600 * SECOND;
const PAGE = { messages: 100, bytes: 1e6 };

/** A hub over the log in memory, both on one simulated runtime. */
function startHub(t: TestContext, options: HubOptions = {}) {
  const runtime = new SimulatedRuntime();
  const hub = new Hub(memoryLog(), options, runtime);
  t.after(() => hub.close());
  const connect = (access = hub.anonymous, { beats = true } = {}) => {
    const seen: { beats: number; end: FanwireError | undefined } = { beats: 0, end: undefined };
    const beat = () => {
      seen.beats += 1;
    };
    const connection = hub.connect(
      { transport: 'test', address: '', access },
      {
        sink: new ScriptedSink(),
        ...(beats && { beat }),
        close: (error) => {
          seen.end = error;
        },
        abort() {},
      },
    );
    return { connection, seen };
  };
  const publish = (channel: string, data: unknown) =>
    hub.publish({
      channel,
      payload: payloadOf(data),
      type: undefined,
      conflationKey: undefined,
      idempotencyKey: undefined,
    });
  return { hub, runtime, connect, publish };
}

test('an hour of heartbeats passes at once', async (t) => {
  const { runtime, connect } = startHub(t, { heartbeatMs: 25 * SECOND });
  const { seen } = connect();
  await runtime.pass(HOUR);
  assert.equal(seen.beats, 3_600 / 25);
});

for (const beats of [true, false]) {
  const whose = beats ? 'its connection' : 'a connection without heartbeats';
  test(`a token that expires in half an hour ends ${whose} then, and not before`, async (t) => {
    const { hub, runtime, connect } = startHub(t);
    const access = { ...hub.anonymous, expiresAt: runtime.now() + HOUR / 2 };
    const { connection, seen } = connect(access, { beats });
    await runtime.pass(HOUR / 2 - SECOND);
    assert.equal(connection.closed, false);
    await runtime.pass(SECOND);
    assert.equal(seen.end?.code, 'unauthenticated');
  });
}

test('a member lingers for as long as it may, and its leave is told then', async (t) => {
  const { hub, runtime } = startHub(t, { presenceLingerMs: 20 * SECOND });
  hub.presence.join('room', 'client-a', 'ada', {});
  await hub.presence.settled();
  hub.presence.release('room', 'client-a', 'ada', false);
  const told = async () => (await hub.log.read(['room:presence'], FROM_START, PAGE)).items.length;
  await runtime.pass(19 * SECOND);
  assert.equal(await told(), 1);
  await runtime.pass(2 * SECOND);
  assert.equal(await told(), 2);
  assert.deepEqual(await hub.presence.members('room'), []);
});

test('what is older than a channel retains is gone, and the log is told what time it is by the hub', async (t) => {
  const { hub, runtime, publish } = startHub(t, { channels: { '*': { retain: { ageMs: HOUR } } } });
  await publish('a', 'old');
  await runtime.pass(HOUR / 2);
  await publish('a', 'young');
  const times = async () => {
    const { items } = await hub.log.read(['a'], FROM_START, PAGE);
    return items.map((item) => item.kind === 'message' && item.message.time);
  };
  assert.equal((await times()).length, 2);
  await runtime.pass(HOUR / 2);
  assert.deepEqual(await times(), [runtime.now() - HOUR / 2]);
});

test('the same seed names the same node and the same epoch', async (t) => {
  const [one, other] = [startHub(t), startHub(t)];
  assert.equal(one.hub.node, other.hub.node);
  assert.deepEqual((await one.publish('a', 1)).position.epoch, (await other.publish('a', 1)).position.epoch);
});
