import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startServe } from '../support/cli.ts';
import { ask } from './support/ask.ts';

test('fanwire serve --graphql answers on the hub’s own port', async (t) => {
  const { url } = await startServe(t, ['--graphql']);
  const query = 'mutation { publish(channel: "a", data: 1) { id } }';
  assert.match((await ask(`${url}/graphql`, { query })).json().data.publish.id, /\.1$/);
});
