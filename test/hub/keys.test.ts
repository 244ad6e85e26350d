import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HubOptions } from '../../src/index.ts';
import { send } from '../support/http.ts';
import { startHub } from '../support/hub.ts';
import { assertProblem } from '../support/problem.ts';
import { connectSdk } from './support/sdk.ts';

const OPTIONS: HubOptions = {
  trustProxy: true,
  authorise: ({ token }) => ({ ...(token ? { subject: token } : {}), read: true, publish: true }),
};

function order(
  url: string,
  data: unknown,
  {
    from = '192.0.2.1',
    key = 'order-4711',
    subject,
    type = '',
  }: { from?: string; key?: string; subject?: string; type?: string } = {},
) {
  return send(`${url}/channels/orders${type && `?type=${type}`}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'idempotency-key': key,
      'x-forwarded-for': from,
      ...(subject === undefined ? {} : { authorization: `Bearer ${subject}` }),
    },
    body: JSON.stringify(data),
  });
}

test('nobody elsewhere can take a key first, with a token of their own or without one', async (t) => {
  const { url } = await startHub(t, OPTIONS);
  const stranger = (await order(url, 'mine', { from: '198.51.100.9' })).json().id;
  const other = (await order(url, 'mine', { subject: 'mallory' })).json().id;
  const first = await order(url, 'a real order');
  assert.equal(first.status, 201);
  assert.equal((await order(url, 'a real order')).json().id, first.json().id);
  assert.equal(new Set([stranger, other, first.json().id]).size, 3);
});

test('a subject’s key counts on every network, and so does a secret one', async (t) => {
  const { url } = await startHub(t, OPTIONS);
  for (const who of [{ subject: 'ada' }, { key: '~8e03978e-40d5-43dd-bc93-6894a57f9324' }]) {
    const first = await order(url, 1, who);
    assert.equal((await order(url, 1, { ...who, from: '198.51.100.9' })).json().id, first.json().id);
  }
});

test('something else under the same key is refused, and not swallowed', async (t) => {
  const { url } = await startHub(t, OPTIONS);
  await order(url, 1);
  assertProblem(await order(url, 2), 422, 'idempotency_conflict');
  assertProblem(await order(url, 1, { type: 'cancelled' }), 422, 'idempotency_conflict');
  assert.equal((await send(`${url}/channels/orders?after=start`)).json().messages.length, 1);
});

test('a frame under a ref that was used for another publish is refused', async (t) => {
  const { url } = await startHub(t);
  const publish = (data: string) => ({ ref: 1, publish: { channel: 'a', data } });
  const sdk = await connectSdk(t, url);
  const first = await sdk.ask(publish('first'));
  // Another connection of the same client: one that counts anew.
  const again = await connectSdk(t, url);
  assert.equal((await again.ask(publish('second'))).error.code, 'idempotency_conflict');
  assert.equal((await again.ask(publish('first'))).ok.id, first.ok.id);
  const long = (end: string) => ({ ref: 2, publish: { channel: 'a', data: 'x'.repeat(600) + end } });
  assert.ok((await sdk.ask(long('a'))).ok.id);
  assert.equal((await again.ask(long('b'))).error.code, 'idempotency_conflict');
});

test('a replaced message’s retry on a conflating channel is known, and another one under its key refused', async (t) => {
  const { url } = await startHub(t, { ...OPTIONS, channels: { orders: { conflateMs: 50 } } });
  await order(url, 0, { key: 'k0' });
  const [replaced, newest] = await Promise.all([order(url, 1, { key: 'k1' }), order(url, 2, { key: 'k2' })]);
  const answers = [replaced.json().id, newest.json().id];
  assert.equal((await order(url, 1, { key: 'k1' })).json().id, answers[0]);
  assertProblem(await order(url, 3, { key: 'k1' }), 422, 'idempotency_conflict');
});
