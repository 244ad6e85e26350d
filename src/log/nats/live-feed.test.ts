import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { headers, type Msg } from '@nats-io/transport-node';
import fc from 'fast-check';
import { SYSTEM_RUNTIME } from '../../protocol/runtime.ts';
import type { StoredMessage } from '../message.ts';
import { LiveFeed } from './live-feed.ts';
import type { Stream } from './stream.ts';
import { subjectsOf } from './subjects.ts';

/** A stream whose republished messages arrive when a test says so, or not at all. */
class FakeStream {
  readonly subjects = subjectsOf('fanwire');
  epoch = 'k3f9';
  stored = 0;
  #deliver: (error: Error | null, message: Msg) => void = () => {};
  readonly connection = {
    runtime: SYSTEM_RUNTIME,
    client: {
      subscribe: (_: string, { callback }: { callback: (error: Error | null, message: Msg) => void }) => {
        this.#deliver = callback;
        return { unsubscribe() {} };
      },
      flush: async () => {},
    },
  };

  deliver(sequence: number, channel = 'a', epoch = this.epoch): void {
    const made = headers();
    made.set('Fanwire', 'text 1');
    made.set('Fanwire-Epoch', epoch);
    made.set('Nats-Sequence', `${sequence}`);
    const subject = `fanwire.live.${channel}`;
    this.#deliver(null, { subject, headers: made, data: new Uint8Array() } as Msg);
  }

  lastSequence = async () => this.stored;
  reached() {}
}

async function follow(...channels: string[]) {
  const stream = new FakeStream();
  const told: (number | 'missed' | 'interrupted')[] = [];
  const feed = new LiveFeed(
    stream as unknown as Stream,
    ({ sequence }: StoredMessage) => told.push(sequence),
    () => told.push('missed'),
  );
  stream.stored = 5;
  for (const channel of ['a', ...channels]) await feed.follow(channel);
  return { stream, feed, told, interrupted: () => void told.push('interrupted') };
}

/** The feed's patience comes to its end. */
async function patienceEnds(t: { mock: { timers: { tick(ms: number): void } } }): Promise<void> {
  t.mock.timers.tick(250);
  await turn();
}

test('what overtakes another waits for it, whichever channels they are of', async () => {
  const { stream, told } = await follow('b');
  stream.deliver(7, 'a');
  stream.deliver(8, 'not followed');
  stream.deliver(9, 'b');
  assert.deepEqual(told, []);
  stream.deliver(6, 'b');
  assert.deepEqual(told, [6, 7, 9]);
});

test('what does not come is missed, and nothing after it is told of before readers were sent to the log', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const { stream, feed, told, interrupted } = await follow('b');
  stream.deliver(6);
  stream.deliver(8, 'b');
  await patienceEnds(t);
  assert.deepEqual(told, [6, 'missed']);
  stream.stored = 8;
  const resumed = feed.resume(interrupted);
  stream.deliver(9);
  await resumed;
  stream.deliver(8, 'b');
  stream.deliver(10);
  assert.deepEqual(told, [6, 'missed', 'interrupted', 9, 10]);
});

test('what came a second time is told of once', async () => {
  const { stream, told } = await follow();
  for (const sequence of [6, 6, 8, 8, 7, 7, 8]) stream.deliver(sequence);
  assert.deepEqual(told, [6, 7, 8]);
});

test('a message of another epoch is of another stream, whatever its number', async () => {
  for (const sequence of [2, 6, 7]) {
    const { stream, told } = await follow();
    stream.deliver(sequence, 'a', 'other');
    assert.deepEqual(told, ['missed']);
  }
});

test('a lost message that nothing follows is missed once it is known to be stored', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const { stream, feed, told } = await follow();
  stream.stored = 6;
  await feed.check();
  await patienceEnds(t);
  assert.deepEqual(told, ['missed']);
});

test('what arrives while this process was busy is not missed', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const { stream, feed, told } = await follow();
  feed.expect(6);
  t.mock.timers.tick(250);
  stream.deliver(6);
  await turn();
  assert.deepEqual(told, [6]);
});

test('whoever follows while others do is told of what comes after, though older ones are on their way', async () => {
  const { stream, feed, told } = await follow();
  stream.stored = 7;
  const followed = feed.follow('b');
  await turn();
  stream.deliver(6, 'b');
  stream.deliver(7, 'b');
  stream.deliver(8, 'b');
  await followed;
  assert.deepEqual(told, [8]);
});

test('what follows a miss is not told of by somebody else’s following', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const { stream, feed, told, interrupted } = await follow();
  stream.deliver(7);
  await patienceEnds(t);
  stream.stored = 7;
  const followed = feed.follow('b');
  await turn();
  stream.deliver(8);
  assert.deepEqual(told, ['missed']);
  await feed.resume(interrupted);
  await followed;
  assert.deepEqual(told, ['missed', 'interrupted', 8]);
});

test('whatever is lost, doubled or swapped, what is told of is in order, and has no hole without an interruption', async () => {
  const arrivals = fc.array(fc.integer({ min: 6, max: 14 }), { maxLength: 30 });
  await fc.assert(
    fc.asyncProperty(arrivals, async (sequences) => {
      const { stream, told } = await follow();
      for (const sequence of sequences) stream.deliver(sequence);
      const seen = new Set(sequences);
      const through = [6, 7, 8, 9, 10, 11, 12, 13, 14].findIndex((one) => !seen.has(one));
      const expected = Array.from({ length: through === -1 ? 9 : through }, (_, index) => 6 + index);
      assert.deepEqual(told, expected);
    }),
  );
});
