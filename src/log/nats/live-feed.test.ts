import assert from 'node:assert/strict';
import { test } from 'node:test';
import { headers, type Msg } from '@nats-io/transport-node';
import type { StoredMessage } from '../message.ts';
import { LiveFeed } from './live-feed.ts';
import type { Stream } from './stream.ts';
import { subjectsOf } from './subjects.ts';

/** A stream whose republished messages arrive when a test says so, or not at all. */
class FakeStream {
  readonly subjects = subjectsOf('fanwire');
  readonly epoch = 'k3f9';
  stored = 0;
  #deliver: (error: Error | null, message: Msg) => void = () => {};
  readonly session = {
    connection: {
      subscribe: (_: string, { callback }: { callback: (error: Error | null, message: Msg) => void }) => {
        this.#deliver = callback;
        return { unsubscribe() {} };
      },
      flush: async () => {},
    },
  };

  deliver(sequence: number, before: number): void {
    const made = headers();
    made.set('Fanwire', 'text 1');
    made.set('Nats-Sequence', `${sequence}`);
    made.set('Nats-Last-Sequence', `${before}`);
    this.#deliver(null, { headers: made, data: new Uint8Array() } as Msg);
  }

  newest = async () => (this.stored === 0 ? null : { seq: this.stored });
  lastSequence = async () => this.stored;
  reached() {}
}

async function follow() {
  const stream = new FakeStream();
  const told: (number | 'missed' | 'interrupted')[] = [];
  const feed = new LiveFeed(
    stream as unknown as Stream,
    ({ sequence }: StoredMessage) => told.push(sequence),
    () => told.push('missed'),
  );
  stream.stored = 5;
  await feed.follow('a');
  return { stream, feed, told, interrupted: () => void told.push('interrupted') };
}

test('what does not join on to the message before it is missed, and not told of', async () => {
  const { stream, told } = await follow();
  stream.deliver(7, 5);
  stream.deliver(12, 9);
  assert.deepEqual(told, [7, 'missed']);
});

test('numbers that fall are those of another stream', async () => {
  const { stream, told } = await follow();
  stream.deliver(2, 0);
  assert.deepEqual(told, ['missed']);
});

test('what arrives while it is asked where a channel stands waits until readers were sent to the log', async () => {
  const { stream, feed, told, interrupted } = await follow();
  stream.stored = 9;
  const resumed = feed.resume(interrupted);
  stream.deliver(9, 8);
  stream.deliver(11, 9);
  await resumed;
  assert.deepEqual(told, ['interrupted', 11]);
});

test('a last message that never came is missed at the second check that does not find it told of', async () => {
  const { stream, feed, told } = await follow();
  stream.stored = 8;
  await feed.check();
  assert.deepEqual(told, []);
  await feed.check();
  assert.deepEqual(told, ['missed']);
});

test('a message that was merely on its way at a check is not missed at the next', async () => {
  const { stream, feed, told } = await follow();
  stream.stored = 8;
  await feed.check();
  stream.deliver(8, 5);
  await feed.check();
  await feed.check();
  assert.deepEqual(told, [8]);
});
