import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ChannelHistory, costOf } from './channel-history.ts';

const FOREVER = { count: 1e9, ageMs: 1e9 };

function stored(sequence: number, { time = 0, bytes = 1 } = {}) {
  const payload = { kind: 'binary', bytes: new Uint8Array(bytes) } as const;
  return { epoch: 'e', sequence, channel: 'a', type: undefined, time, payload };
}

function sequences(messages: readonly { sequence: number }[]): number[] {
  return messages.map(({ sequence }) => sequence);
}

test('it reads after any sequence, whether a message has it or not', () => {
  const history = new ChannelHistory('a', 0);
  for (const sequence of [2, 5, 9]) history.append(stored(sequence));
  assert.deepEqual(sequences(history.after(0, 10)), [2, 5, 9]);
  assert.deepEqual(sequences(history.after(2, 10)), [5, 9]);
  assert.deepEqual(sequences(history.after(4, 1)), [5]);
  assert.deepEqual(sequences(history.after(9, 10)), []);
  assert.deepEqual(sequences(history.newest(2)), [5, 9]);
  assert.deepEqual(sequences(history.newest(5)), [2, 5, 9]);
  assert.deepEqual(sequences(history.newest(0)), []);
});

test('it counts what its messages cost', () => {
  const history = new ChannelHistory('a', 0);
  const [first, second, third] = [1, 2, 3].map((sequence) => stored(sequence, { bytes: sequence * 10 }));
  for (const message of [first!, second!, third!]) history.append(message);
  assert.equal(history.cost, costOf(first!) + costOf(second!) + costOf(third!));
  history.enforce({ count: 1, ageMs: 1e9 }, 0);
  assert.equal(history.cost, costOf(third!));
});

test('it keeps the newest whose payloads together are within its bytes', () => {
  const history = new ChannelHistory('a', 0);
  for (const sequence of [1, 2, 3]) history.append(stored(sequence, { bytes: 10 }));
  history.enforce({ ...FOREVER, bytes: 29 }, 0);
  assert.deepEqual(sequences(history.after(0, 10)), [2, 3]);
  history.append(stored(4, { bytes: 30 }));
  history.enforce({ ...FOREVER, bytes: 29 }, 0);
  assert.deepEqual(sequences(history.after(0, 10)), []);
  assert.equal(history.trimmedThrough, 4);
});

test('a text with a character beyond ASCII costs two bytes for each', () => {
  const text = (text: string) => costOf({ ...stored(1), payload: { kind: 'text', text } });
  assert.equal(text('€'.repeat(10)) - text(''), 20);
  assert.equal(text('e'.repeat(10)) - text(''), 10);
});

test('a gap is told of with the reason that the last of it was removed for', () => {
  const history = new ChannelHistory('a', 0);
  for (const sequence of [1, 2, 3, 4]) history.append(stored(sequence, { time: sequence }));
  history.enforce({ count: 3, ageMs: 1e9 }, 0);
  const from = { epoch: 'e', sequence: 0 };
  assert.deepEqual(history.gapSince('a', from), {
    channel: 'a',
    from,
    to: { epoch: 'e', sequence: 1 },
    reason: 'trimmed',
  });
  history.enforce({ count: 3, ageMs: 1 }, 4);
  assert.equal(history.gapSince('a', from)?.reason, 'expired');
  assert.equal(history.gapSince('a', from)?.to.sequence, 3);
  assert.equal(history.gapSince('a', { epoch: 'e', sequence: 3 }), undefined);
});

test('one that was forgotten begins where it may have lost something', () => {
  const history = new ChannelHistory('a', 7);
  assert.deepEqual([history.last, history.trimmedThrough], [7, 7]);
  assert.equal(history.gapSince('a', { epoch: 'e', sequence: 3 })?.to.sequence, 7);
});

test('however it is appended to and trimmed, it holds the newest', () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant('append' as const), count: fc.integer({ min: 1, max: 300 }) }),
    fc.record({ kind: fc.constant('trim' as const), count: fc.nat(1000) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const history = new ChannelHistory('a', 0);
      let model: number[] = [];
      let next = 1;
      for (const { kind, count } of steps) {
        if (kind === 'append') {
          for (let left = count; left > 0; left--) {
            history.append(stored(next));
            model.push(next++);
          }
        } else {
          history.enforce({ ...FOREVER, count }, 0);
          model = count === 0 ? [] : model.slice(-count);
        }
        assert.equal(history.length, model.length);
        assert.equal(history.cost, model.length * costOf(stored(1)));
        assert.equal(history.oldest?.sequence, model[0]);
        const middle = model[model.length >> 1] ?? 0;
        assert.deepEqual(
          sequences(history.after(middle, 5)),
          model.filter((one) => one > middle).slice(0, 5),
        );
        assert.equal(history.trimmedThrough, (model[0] ?? next) - 1);
      }
    }),
    { numRuns: 50 },
  );
});
