import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { test } from 'node:test';
import { clientAddress, isLoopback, networkOf } from './address.ts';

function addressOf(remoteAddress: string | undefined, forwarded?: string, trustProxy = true): string {
  const headers = forwarded === undefined ? {} : { 'x-forwarded-for': forwarded };
  return clientAddress({ headers, socket: { remoteAddress } } as unknown as IncomingMessage, trustProxy);
}

test('an address has one spelling', () => {
  assert.equal(addressOf('192.0.2.1'), '192.0.2.1');
  assert.equal(addressOf('::ffff:192.0.2.1'), '192.0.2.1');
  assert.equal(addressOf('2001:DB8::1'), '2001:db8::1');
  assert.equal(addressOf(undefined), 'unknown');
});

test('X-Forwarded-For counts only when the proxy is trusted', () => {
  assert.equal(addressOf('10.0.0.1', '192.0.2.1', false), '10.0.0.1');
  assert.equal(addressOf('10.0.0.1', '192.0.2.1', true), '192.0.2.1');
});

test('of X-Forwarded-For only what the nearest proxy wrote is believed', () => {
  assert.equal(addressOf('10.0.0.1', '198.51.100.9, 192.0.2.1'), '192.0.2.1');
  assert.equal(addressOf('10.0.0.1', '192.0.2.1:4711'), '192.0.2.1');
  assert.equal(addressOf('10.0.0.1', '[2001:db8::1]:4711'), '2001:db8::1');
  assert.equal(addressOf('10.0.0.1', '192.0.2.1, unknown'), '10.0.0.1');
  assert.equal(addressOf('10.0.0.1', ''), '10.0.0.1');
});

test('loopback is told from addresses that look like it', () => {
  for (const address of ['127.0.0.1', '127.255.0.3', '::1', '::ffff:127.0.0.1'])
    assert.ok(isLoopback(address), address);
  for (const address of [
    '128.0.0.1',
    '1.127.0.0',
    '::2',
    '127.0.0.1.example',
    '127.0.0.999',
    '',
    undefined,
  ]) {
    assert.ok(!isLoopback(address), address);
  }
});

test('all addresses of an IPv6 network of 64 bits count as one, an IPv4 address for itself', () => {
  assert.equal(networkOf('192.0.2.1'), '192.0.2.1');
  assert.equal(networkOf('unknown'), 'unknown');
  for (const address of ['2001:db8::1', '2001:0db8:0::ffff', '2001:db8:0:0:1:2:3:4', '2001:db8::192.0.2.1']) {
    assert.equal(networkOf(address), '2001:db8:0:0::/64', address);
  }
  assert.equal(networkOf('2001:db8:1::2:3:4:5'), '2001:db8:1:0::/64');
  assert.equal(networkOf('2001::3:4:5:6:7:8'), '2001:0:3:4::/64');
  assert.equal(networkOf('::1'), '0:0:0:0::/64');
});
