import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as v from 'valibot';
import { defineRequests } from '../../src/channels/index.ts';
import { FanwireError, type HubOptions, handleRequests } from '../../src/index.ts';
import { startHub } from '../support/hub.ts';
import { answerTo, connectSdk, postFrames } from './support/sdk.ts';

const secret = new Error('password is hunter2');

const requests: NonNullable<HubOptions['requests']> = {
  sum: (data) => (data as number[]).reduce((sum, one) => sum + one, 0),
  who: async (_, { client, subject, access }) => ({
    client,
    subject: subject ?? null,
    mayRead: access.mayRead('a'),
  }),
  nothing: () => undefined,
  refuse: () => {
    throw new FanwireError('forbidden', 'not today');
  },
  fail: () => {
    throw secret;
  },
};

const CASES: [string, unknown, unknown][] = [
  ['sum', [1, 2, 3], { ok: { data: 6 } }],
  ['who', null, { ok: { data: { client: 'client-of-a-test', subject: null, mayRead: true } } }],
  ['nothing', null, { ok: {} }],
  ['refuse', null, { error: { code: 'forbidden', detail: 'not today' } }],
  ['fail', null, { error: { code: 'request_failed', detail: 'the handler of fail failed' } }],
  ['missing', null, { error: { code: 'unknown_method', detail: 'no handler for “missing” in requests' } }],
  ['toString', null, { error: { code: 'unknown_method', detail: 'no handler for “toString” in requests' } }],
];

async function start(t: Parameters<typeof startHub>[0]) {
  const faults: unknown[] = [];
  const { url } = await startHub(t, { requests, onError: (fault) => faults.push(fault) });
  return { url, faults };
}

test('a request over a WebSocket is answered by its handler, or by why not', async (t) => {
  const { url, faults } = await start(t);
  const sdk = await connectSdk(t, url);
  for (const [index, [method, data, expected]] of CASES.entries()) {
    const answer = await sdk.ask({ ref: index, request: { method, data } });
    assert.deepEqual(answer, { ref: index, ...(expected as object) }, method);
  }
  assert.deepEqual(faults, [secret], 'what failed is told to the operator only');
});

test('and the same over POST', async (t) => {
  const { url, faults } = await start(t);
  const frames = CASES.map(([method, data], ref) => ({ ref, request: { method, data } }));
  const answer = await postFrames(url, frames);
  for (const [ref, [method, , expected]] of CASES.entries()) {
    assert.deepEqual(answerTo(ref, answer), { ref, ...(expected as object) }, method);
  }
  assert.deepEqual(faults, [secret]);
});

test('requests are answered as they are done, not as they were asked', async (t) => {
  let finish = (_: unknown) => {};
  const { url } = await startHub(t, {
    requests: {
      slow: () =>
        new Promise((resolve) => {
          finish = resolve;
        }),
      quick: () => finish('slow'),
    },
  });
  const sdk = await connectSdk(t, url);
  sdk.send({ ref: 1, request: { method: 'slow' } }, { ref: 2, request: { method: 'quick' } }, { ping: 3 });
  const refs = [await sdk.nextOf('ref'), await sdk.nextOf('ref')].map(({ ref }) => ref).sort();
  assert.deepEqual(refs, [1, 2]);
});

test('publishes and requests of one POST are answered together, in one answer', async (t) => {
  const { url } = await start(t);
  const answer = await postFrames(url, [
    { ref: 1, publish: { channel: 'a', data: 'one' } },
    { ref: 2, subscribe: { channel: 'a', after: 'start' } },
    { ref: 3, request: { method: 'sum', data: [1] } },
    { ping: 4 },
  ]);
  const frames = answer.json();
  assert.ok('welcome' in frames[0]);
  const { id } = answerTo(1, answer).ok;
  assert.equal(answerTo(3, answer).ok.data, 1);
  assert.ok(frames.some((frame: { pong?: number }) => frame.pong === 4));
  assert.ok(frames.some((frame: { id?: string; data?: unknown }) => frame.id === id && frame.data === 'one'));
  assert.deepEqual(frames.at(-1), { heartbeat: { position: id } });
});

test('no more requests are at work at once than may be in flight', async (t) => {
  const waiting: (() => void)[] = [];
  const { url } = await startHub(t, {
    limits: { framesInFlight: 4 },
    requests: { wait: () => new Promise<void>((resolve) => waiting.push(resolve)) },
  });
  const sdk = await connectSdk(t, url);
  for (let ref = 0; ref < 10; ref++) sdk.send({ ref, request: { method: 'wait' } });
  const mostAtOnce: number[] = [];
  for (let ref = 0; ref < 10; ref++) {
    while (waiting.length === 0) await new Promise(setImmediate);
    for (let turns = 0; turns < 20; turns++) await new Promise(setImmediate);
    mostAtOnce.push(waiting.length);
    waiting.shift()!();
    assert.deepEqual(await sdk.next(), { ref, ok: {} });
  }
  assert.deepEqual(mostAtOnce, [4, 4, 4, 4, 4, 4, 4, 3, 2, 1]);
});

test('each request that is defined has a handler, and each handler is of a request', () => {
  const defined = defineRequests({ add: {} });
  assert.throws(() => handleRequests(defined, {} as never), /TypeError: handleRequests: add has no handler/);
  const handlers = { add: () => 1, sum: () => 1 };
  assert.throws(
    () => handleRequests(defined, handlers),
    /TypeError: handleRequests: no request is called sum/,
  );
});

test('requests of defineRequests are checked: what a client sends, and what a handler answers', async (t) => {
  const defined = defineRequests({
    length: {
      data: v.pipe(v.string('a text'), v.trim()),
      answer: v.pipe(v.number('a number'), v.toMinValue(2)),
    },
    anything: {},
  });
  const faults: unknown[] = [];
  const { url } = await startHub(t, {
    onError: (fault) => faults.push(fault),
    requests: handleRequests(defined, {
      length: (text) => (text === 'odd' ? (text as unknown as number) : text.length),
      anything: (data, { client }) => [data, client],
    }),
  });
  const sdk = await connectSdk(t, url);
  const ask = async (ref: number, method: string, data: unknown) => {
    const { ok, error } = await sdk.ask({ ref, request: { method, data } });
    return ok?.data ?? error;
  };
  assert.equal(await ask(1, 'length', ' abc '), 3);
  assert.equal(await ask(2, 'length', 'a'), 2);
  assert.deepEqual(await ask(3, 'length', 1), {
    code: 'invalid_data',
    detail: 'data for length: a text',
    issues: [{ message: 'a text' }],
  });
  assert.equal((await ask(4, 'length', 'odd')).code, 'request_failed');
  assert.match(String(faults), /^TypeError: answer of length: a number$/);
  assert.deepEqual(await ask(5, 'anything', 1), [1, 'client-of-a-test']);
});
