import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FROM_START } from '../../protocol/start.ts';
import type { Addition } from '../addition.ts';
import { appendedOf } from '../append-one.ts';
import type { Follower } from '../log.ts';
import { after, append, appendAll, dataOf, gapsOf, messagesOf, PLENTY, placeOf } from './asking.ts';
import type { OpenedUnderTest } from './log-under-test.ts';

export function testAppend({ name, open, remembersKeys }: OpenedUnderTest): void {
  test(`${name}: positions rise through all channels, in one epoch`, async (t) => {
    const log = await open(t);
    const positions = [];
    for (const channel of ['a', 'b', 'a', 'c']) positions.push((await append(log, channel, 'x')).position);
    for (const [index, position] of positions.entries()) {
      assert.equal(position.epoch, positions[0]!.epoch);
      if (index > 0) assert.ok(position.sequence > positions[index - 1]!.sequence);
    }
    assert.ok(positions[0]!.sequence > 0, '0 stands before the first');
  });

  test(`${name}: appends to one channel that were not waited for keep the order of the calls`, async (t) => {
    const log = await open(t);
    const data = Array.from({ length: 50 }, (_, index) => `${index}`);
    const appended = await Promise.all(data.map((one) => append(log, 'a', one)));
    const page = await log.read(['a'], FROM_START, PLENTY);
    assert.deepEqual(dataOf(page), data);
    assert.deepEqual(
      messagesOf(page).map(placeOf),
      appended.map(({ position }) => placeOf(position)),
    );
  });

  test(`${name}: a message is given back as it was appended`, async (t) => {
    const log = await open(t);
    const time = Date.now();
    const payloads = [
      { kind: 'json', text: '{"n":12345678901234567890}' },
      { kind: 'text', text: 'größer\n\u{1f680}' },
      { kind: 'text', text: '' },
      { kind: 'binary', bytes: Uint8Array.of(0, 255, 10) },
      { kind: 'binary', bytes: new Uint8Array() },
    ] as const;
    await log.append(payloads.map((payload) => ({ message: { channel: 'a', type: 'kind', time, payload } })));
    await log.append([{ message: { channel: 'a', type: undefined, time, payload: payloads[0] } }]);
    const messages = messagesOf(await log.read(['a'], FROM_START, PLENTY));
    assert.deepEqual(
      messages.map(({ payload }) => plain(payload)),
      [...payloads, payloads[0]].map(plain),
    );
    assert.deepEqual(
      messages.map(({ type }) => type),
      [...payloads.map(() => 'kind'), undefined],
    );
    for (const message of messages) {
      assert.equal(message.time, time);
      assert.equal(message.channel, 'a');
    }
  });

  test(`${name}: a retry under the same key adds nothing, and is answered with the first position`, async (t) => {
    const log = await open(t);
    const first = await append(log, 'a', 'once', { key: 'k' });
    await append(log, 'a', 'between');
    const retry = await append(log, 'a', 'once', { key: 'k' });
    assert.deepEqual([first.duplicate, retry.duplicate], [false, true]);
    assert.deepEqual(placeOf(retry.position), placeOf(first.position));
    assert.deepEqual(dataOf(await log.read(['a'], FROM_START, PLENTY)), ['once', 'between']);
  });

  test(`${name}: retries that race are added once`, async (t) => {
    const log = await open(t);
    const appended = await Promise.all([1, 2, 3].map(() => append(log, 'a', 'once', { key: 'k' })));
    assert.equal(new Set(appended.map(({ position }) => position.sequence)).size, 1);
    assert.equal(appended.filter(({ duplicate }) => !duplicate).length, 1);
    assert.deepEqual(dataOf(await log.read(['a'], FROM_START, PLENTY)), ['once']);
  });

  test(`${name}: a key counts for its own channel only`, async (t) => {
    const log = await open(t);
    await append(log, 'a', 'in a', { key: 'k' });
    assert.equal((await append(log, 'b', 'in b', { key: 'k' })).duplicate, false);
    assert.deepEqual(dataOf(await log.read(['a', 'b'], FROM_START, PLENTY)), ['in a', 'in b']);
  });

  test(`${name}: a retry is known after what it was has been trimmed`, async (t) => {
    const log = await open(t, { retention: () => ({ count: 1, ageMs: 1e9 }) });
    const first = await append(log, 'a', 'first', { key: 'k' });
    await appendAll(log, 'a', ['second', 'third']);
    const retry = await append(log, 'a', 'first', { key: 'k' });
    assert.ok(retry.duplicate);
    assert.deepEqual(placeOf(retry.position), placeOf(first.position));
    assert.deepEqual(dataOf(await log.read(['a'], FROM_START, PLENTY)), ['third']);
  });

  if (!remembersKeys) {
    test(`${name}: keys are forgotten after their time`, async (t) => {
      let now = 1_000_000;
      const log = await open(t, { clock: () => now, keyTtlMs: 1000 });
      const time = now;
      await append(log, 'a', 'x', { key: 'k', time });
      now += 999;
      assert.equal((await append(log, 'a', 'x', { key: 'k', time })).duplicate, true);
      now += 1;
      assert.equal((await append(log, 'a', 'x', { key: 'k', time })).duplicate, false);
    });
  }

  test(`${name}: a message is known by its aliases as by its key`, async (t) => {
    const log = await open(t);
    const { position } = await append(log, 'a', 'newest', { key: 'k3', aliases: ['k1', 'k2'] });
    for (const key of ['k1', 'k2', 'k3']) {
      const retry = await append(log, 'a', 'older', { key });
      assert.deepEqual([retry.duplicate, retry.position.sequence], [true, position.sequence], key);
    }
  });

  test(`${name}: a duplicate passes its aliases on to nobody`, async (t) => {
    const log = await open(t);
    await append(log, 'a', 'first', { key: 'k' });
    await append(log, 'a', 'again', { key: 'k', aliases: ['other'] });
    assert.equal((await append(log, 'a', 'other', { key: 'other' })).duplicate, false);
  });

  test(`${name}: another message under the same key is refused, and what was first stands`, async (t) => {
    const log = await open(t);
    const first = await append(log, 'a', 'first', { key: 'k', digest: 'one' });
    await assert.rejects(append(log, 'a', 'other', { key: 'k', digest: 'two' }), {
      code: 'idempotency_conflict',
    });
    for (const same of [{ digest: 'one' }, {}]) {
      const retry = await append(log, 'a', 'first', { key: 'k', ...same });
      assert.deepEqual([retry.duplicate, retry.position.sequence], [true, first.position.sequence]);
    }
    await append(log, 'a', 'second', { key: 'l' });
    const compared = await append(log, 'a', 'second', { key: 'l', digest: 'two' });
    assert.equal(compared.duplicate, true, 'nothing to compare with');
    assert.deepEqual(dataOf(await log.read(['a'], FROM_START, PLENTY)), ['first', 'second']);
  });

  test(`${name}: what is refused for its key takes nothing else with it`, async (t) => {
    const log = await open(t);
    await append(log, 'a', 'first', { key: 'k', digest: 'one' });
    const answers = await Promise.allSettled([
      append(log, 'a', 'before'),
      append(log, 'a', 'other', { key: 'k', digest: 'two' }),
      append(log, 'a', 'after'),
    ]);
    assert.deepEqual(
      answers.map(({ status }) => status),
      ['fulfilled', 'rejected', 'fulfilled'],
    );
    assert.deepEqual(dataOf(await log.read(['a'], FROM_START, PLENTY)), ['first', 'before', 'after']);
  });

  test(`${name}: an alias has a digest, too`, async (t) => {
    const log = await open(t);
    const { position } = await append(log, 'a', 'x', { key: 'k2', aliases: ['k1'], digest: 'one' });
    await assert.rejects(append(log, 'a', 'y', { key: 'k1', digest: 'two' }), {
      code: 'idempotency_conflict',
    });
    const retry = await append(log, 'a', 'x', { key: 'k1', digest: 'one' });
    assert.equal(retry.position.sequence, position.sequence);
  });

  test(`${name}: what is appended together is added in its order, and answered each for itself`, async (t) => {
    const log = await open(t);
    const add = (channel: string, text: string, key?: string, digest = text): Addition => ({
      message: { channel, type: undefined, time: Date.now(), payload: { kind: 'text', text } },
      idempotencyKey: key === undefined ? undefined : { name: key, digest },
    });
    const before = await append(log, 'a', 'known', { key: 'k', digest: 'known' });
    const outcomes = await log.append([
      add('a', 'first'),
      add('a', 'known', 'k'),
      add('b', 'second'),
      add('a', 'other', 'k'),
      add('a', 'twice', 'l'),
      add('a', 'twice', 'l'),
      add('a', 'last'),
    ]);
    const answers = outcomes.map((outcome) => {
      if (outcome instanceof Error) return outcome.code;
      return outcome.duplicate ? 'duplicate' : 'added';
    });
    assert.deepEqual(answers, [
      'added',
      'duplicate',
      'added',
      'idempotency_conflict',
      'added',
      'duplicate',
      'added',
    ]);
    const page = await log.read(['a', 'b'], FROM_START, PLENTY);
    assert.deepEqual(dataOf(page), ['known', 'first', 'second', 'twice', 'last']);
    const added = [0, 2, 4, 6].map((index) => placeOf(appendedOf(outcomes[index]).position));
    assert.deepEqual(messagesOf(page).slice(1).map(placeOf), added);
    assert.deepEqual(placeOf(appendedOf(outcomes[1]).position), placeOf(before.position));
    assert.deepEqual(placeOf(appendedOf(outcomes[5]).position), added[2]);
  });

  test(`${name}: more than a channel keeps can be appended together, and its followers are told of all`, async (t) => {
    const told: string[] = [];
    let follower!: Follower;
    const toldAll = new Promise<void>((resolve, reject) => {
      follower = {
        appended({ payload }) {
          if (payload.kind !== 'binary' && told.push(payload.text) === 1200) resolve();
        },
        interrupted: () => reject(new Error('interrupted')),
      };
    });
    const log = await open(t, { retention: () => ({ count: 3, ageMs: 1e9 }), follower });
    await log.follow('a');
    const { position } = await append(log, 'a', '0');
    const texts = Array.from({ length: 1200 }, (_, index) => `${index}`);
    const time = Date.now();
    await log.append(
      texts.slice(1).map((text) => ({
        message: { channel: 'a', type: undefined, time, payload: { kind: 'text', text } },
      })),
    );
    const page = await log.read(['a'], after(position), PLENTY);
    assert.deepEqual(dataOf(page), ['1197', '1198', '1199']);
    assert.equal(gapsOf(page).length, 1);
    await toldAll;
    assert.deepEqual(told, texts);
  });

  if (!remembersKeys) {
    test(`${name}: a scope that has more keys than its share loses its own oldest, and nobody else’s`, async (t) => {
      const log = await open(t, { keysPerScope: 3 });
      const known = async (key: string, scope: string) =>
        (await append(log, 'a', 'x', { key, scope, digest: 'd' })).duplicate;
      await known('theirs', 'them');
      for (let index = 0; index < 10; index++) await known(`k${index}`, 'us');
      assert.equal(await known('theirs', 'them'), true);
      for (const index of [9, 8, 7]) assert.equal(await known(`k${index}`, 'us'), true, `k${index}`);
      assert.equal(await known('k6', 'us'), false);
    });
  }
}

/** A Buffer is as good as a Uint8Array. */
function plain(payload: { kind: string; text?: string; bytes?: Uint8Array }): unknown {
  return payload.bytes ? { ...payload, bytes: [...payload.bytes] } : payload;
}
