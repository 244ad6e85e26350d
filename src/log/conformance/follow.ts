import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FROM_START } from '../../protocol/start.ts';
import type { Follower } from '../log.ts';
import type { StoredMessage } from '../message.ts';
import { append, appendAll, messagesOf, PLENTY } from './asking.ts';
import type { OpenedUnderTest } from './log-under-test.ts';

/** Keeps what a log tells of, and can be waited for. */
class Listener implements Follower {
  readonly heard: StoredMessage[] = [];
  interruptions = 0;
  #wake: () => void = () => {};

  appended(message: StoredMessage): void {
    this.heard.push(message);
    this.#wake();
  }

  interrupted(): void {
    this.interruptions += 1;
  }

  async hears(count: number): Promise<void> {
    while (this.heard.length < count) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  get data(): string[] {
    return this.heard.map(({ payload }) => (payload.kind === 'binary' ? '' : payload.text));
  }
}

export function testFollow({ name, open }: OpenedUnderTest): void {
  test(`${name}: every append to a followed channel is told of once, in the log's order`, async (t) => {
    const follower = new Listener();
    const log = await open(t, { follower });
    await Promise.all([log.follow('a'), log.follow('b')]);
    const appends = Array.from({ length: 30 }, (_, index) => append(log, index % 2 ? 'a' : 'b', `${index}`));
    await Promise.all(appends);
    await follower.hears(30);
    assert.deepEqual(follower.heard, messagesOf(await log.read(['a', 'b'], FROM_START, PLENTY)));
    assert.equal(follower.interruptions, 0);
  });

  test(`${name}: what is appended together is told of message by message, byte for byte`, async (t) => {
    const follower = new Listener();
    const log = await open(t, { follower });
    await Promise.all([log.follow('a'), log.follow('b')]);
    const time = Date.now();
    const additions = Array.from({ length: 12 }, (_, index) => ({
      message: {
        channel: index % 4 === 3 ? 'b' : 'a',
        type: undefined,
        time,
        payload:
          index % 3 === 0
            ? ({ kind: 'binary', bytes: Uint8Array.of(10, 255, index) } as const)
            : ({ kind: 'text', text: `größer\n${index}` } as const),
      },
    }));
    await log.append(additions);
    await follower.hears(additions.length);
    assert.deepEqual(follower.heard, messagesOf(await log.read(['a', 'b'], FROM_START, PLENTY)));
    assert.deepEqual(
      follower.heard.map(({ payload }) => payload),
      additions.map(({ message }) => message.payload),
    );
    assert.equal(follower.interruptions, 0);
  });

  test(`${name}: a message says who published it, told and read, with a type and without`, async (t) => {
    const follower = new Listener();
    const log = await open(t, { follower });
    await log.follow('a');
    const heads = [
      { type: 'größer', from: 'oN3_4-6789ab' },
      { type: undefined, from: 'oN3_4-6789ab' },
      { type: 'größer', from: undefined },
      { type: undefined, from: undefined },
    ];
    const message = { channel: 'a', time: Date.now(), payload: { kind: 'text', text: 'x' } } as const;
    await log.append(heads.map((head) => ({ message: { ...message, ...head } })));
    await follower.hears(heads.length);
    for (const messages of [follower.heard, messagesOf(await log.read(['a'], FROM_START, PLENTY))]) {
      assert.deepEqual(
        messages.map(({ type, from }) => ({ type, from })),
        heads,
      );
    }
  });

  test(`${name}: what was appended before, or elsewhere, or after it was unfollowed is not told of`, async (t) => {
    const follower = new Listener();
    const log = await open(t, { follower });
    await append(log, 'a', 'before');
    await log.follow('a');
    await append(log, 'other', 'elsewhere');
    await append(log, 'a', 'followed');
    await follower.hears(1);
    log.unfollow('a');
    await append(log, 'a', 'after');
    await log.follow('b');
    await append(log, 'b', 'last');
    await follower.hears(2);
    assert.deepEqual(follower.data, ['followed', 'last']);
  });

  test(`${name}: following twice is following once, and unfollowing ends it`, async (t) => {
    const follower = new Listener();
    const log = await open(t, { follower });
    for (const channel of ['a', 'a', 'b']) await log.follow(channel);
    await append(log, 'a', '1');
    // What a log of many nodes tells of may still be on its way.
    await follower.hears(1);
    log.unfollow('a');
    log.unfollow('never followed');
    await append(log, 'a', '2');
    // It comes in the log's one order: what stands before it has come, and nobody was told.
    await append(log, 'b', 'between');
    await follower.hears(2);
    await log.follow('a');
    await append(log, 'a', '3');
    await follower.hears(3);
    assert.deepEqual(follower.data, ['1', 'between', '3']);
  });

  test(`${name}: a duplicate is not told of`, async (t) => {
    const follower = new Listener();
    const log = await open(t, { follower });
    await log.follow('a');
    await append(log, 'a', 'once', { key: 'k' });
    await append(log, 'a', 'once', { key: 'k' });
    await append(log, 'a', 'end');
    await follower.hears(2);
    assert.deepEqual(follower.data, ['once', 'end']);
  });

  test(`${name}: what a channel does not keep is told of all the same`, async (t) => {
    const follower = new Listener();
    const log = await open(t, { follower, retention: () => ({ count: 0, ageMs: 1e9 }) });
    await log.follow('a');
    await appendAll(log, 'a', ['1', '2']);
    await follower.hears(2);
    assert.deepEqual(follower.data, ['1', '2']);
  });
}
