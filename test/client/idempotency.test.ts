import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connect } from '../../src/client/index.ts';
import { send } from '../support/http.ts';
import { startHub } from '../support/hub.ts';

test('what two clients publish under one idempotency key is published once, and so is what is posted under it', async (t) => {
  const { url } = await startHub(t);
  const publishFrom = async () => {
    const client = connect(url);
    const { id } = await client.publish('orders', { order: 4711 }, { idempotencyKey: 'order-4711' });
    client.close();
    return id;
  };
  const first = await publishFrom();
  assert.equal(await publishFrom(), first);
  const posted = await send(`${url}/channels/orders`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': 'order-4711' },
    body: '{"order":4711}',
  });
  assert.equal(posted.json().id, first);
  assert.equal((await send(`${url}/channels/orders?after=start`)).json().messages.length, 1);
});

test('a key that a header could not carry is refused', async (t) => {
  const { url } = await startHub(t);
  const client = connect(url);
  t.after(() => client.close());
  await assert.rejects(client.publish('orders', 1, { idempotencyKey: 'two words' }), {
    code: 'invalid_frame',
    message: /idempotencyKey/,
  });
});
