import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { test } from 'node:test';
import { createHostCheck } from './host.ts';

function accepts(
  check: ReturnType<typeof createHostCheck>,
  host: string | undefined,
  localAddress: string,
): boolean {
  try {
    check({ headers: { host }, socket: { localAddress } } as unknown as IncomingMessage);
    return true;
  } catch (error) {
    assert.equal((error as { code: string }).code, 'host_not_allowed');
    return false;
  }
}

test('an open hub reached on loopback answers to loopback names only', () => {
  const check = createHostCheck(undefined, true);
  for (const host of [
    'localhost',
    'LOCALHOST:3000',
    'localhost.',
    'app.localhost:1',
    '127.0.0.1:80',
    '127.8.9.1',
    '[::1]:80',
  ]) {
    for (const address of ['127.0.0.1', '::1', '::ffff:127.0.0.1'])
      assert.ok(accepts(check, host, address), host);
  }
  const foreign = [
    'evil.example',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    '10.0.0.1',
    '[::2]',
    '',
    undefined,
  ];
  for (const host of [...foreign, 'evil.example@localhost', 'localhost/evil', 'a b']) {
    assert.ok(!accepts(check, host, '127.0.0.1'), host);
  }
});

test('a hub that asks for tokens, or is reached on another address, answers to any name', () => {
  assert.ok(accepts(createHostCheck(undefined, false), 'hub.example', '127.0.0.1'));
  assert.ok(accepts(createHostCheck(undefined, true), 'hub.example', '192.0.2.1'));
});

test('listed hosts are the only ones, on every address', () => {
  const check = createHostCheck(['hub.example', '[2001:db8::1]', 'EU.example'], false);
  for (const host of ['hub.example', 'Hub.Example:443', 'hub.example.', '[2001:DB8::1]:80', 'eu.example']) {
    assert.ok(accepts(check, host, '192.0.2.1'), host);
  }
  for (const host of ['localhost', 'sub.hub.example', undefined])
    assert.ok(!accepts(check, host, '127.0.0.1'), host);
});

test('a configured host that no request could match is refused', () => {
  for (const host of ['https://hub.example', 'hub.example:443', 'hub.example/', '*.example', '::1', '']) {
    assert.throws(() => createHostCheck(['localhost', host], false), {
      name: 'TypeError',
      message: /^hosts\[1\] must be a name/,
    });
  }
  assert.throws(() => createHostCheck(['hub.example:443'], false), { message: /: write hub\.example$/ });
});
