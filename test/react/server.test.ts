import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createElement } from 'react';
import { renderToString } from 'react-dom/server';
import {
  createHooks,
  FanwireProvider,
  useChannel,
  useClient,
  usePresence,
  useStatus,
} from '../../src/react/index.ts';

function Reader() {
  const { messages, state, error } = useChannel('scores', {
    last: 5,
    reduce: (sum: number) => sum + 1,
    initial: 7,
  });
  return createElement('p', null, `${messages.length} ${state} ${error} ${useStatus().state}`);
}

test('on the server, hooks show what a page begins with, and make no client', () => {
  const client = () => assert.fail('a client was made');
  const html = renderToString(createElement(FanwireProvider, { client }, createElement(Reader)));
  assert.equal(html, '<p>0 7 undefined connecting</p>');
});

test('a hook without a provider says what to do', () => {
  assert.throws(() => renderToString(createElement(Reader)), /put a <FanwireProvider/);
});

test('typed hooks are the same hooks', () => {
  assert.deepEqual(createHooks(), { FanwireProvider, useChannel, useClient, usePresence, useStatus });
});
