import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertSafeAddress } from './safe-address.ts';

test('loopback needs nothing', () => {
  for (const host of ['127.0.0.1', '127.1.2.3', '::1', 'localhost']) assertSafeAddress(host, {});
});

test('an address that others can reach needs authorisation or a word for everyone', () => {
  for (const host of ['0.0.0.0', '::', '', '192.168.1.2', 'hub.example', '127.evil.example']) {
    assert.throws(() => assertSafeAddress(host, {}), { code: 'invalid_parameter', message: /authorise/ });
    assert.throws(() => assertSafeAddress(host, { anonymous: false }), /anonymous/);
    assertSafeAddress(host, { anonymous: true });
    assertSafeAddress(host, { authorise: { secret: 'x' } });
  }
});
