import assert from 'node:assert/strict';
import { test } from 'node:test';
import { serversOf } from './connection.ts';

test('a URL names servers, and whoever connects', () => {
  assert.deepEqual(serversOf('nats://one'), { servers: ['one:4222'] });
  assert.deepEqual(serversOf('nats://me:p%40ss@one:1,nats://two:2'), {
    servers: ['one:1', 'two:2'],
    user: 'me',
    pass: 'p@ss',
  });
  assert.deepEqual(serversOf(['nats://secret@one', 'nats://[::1]:7']), {
    servers: ['one:4222', '[::1]:7'],
    token: 'secret',
  });
});

test('tls asks for TLS', () => {
  assert.deepEqual(serversOf('tls://one'), { servers: ['one:4222'], tls: {} });
  assert.deepEqual(serversOf('tls://[::1]:7'), { servers: ['[::1]:7'], tls: { host: '::1' } });
});
