import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRouter, methodsOf } from './router.ts';

test('each path has its route, and others are not the hub’s', () => {
  const route = createRouter('/');
  assert.deepEqual(route('/channels/a,b'), { kind: 'channel', segment: 'a,b' });
  assert.deepEqual(route('/channels/a/presence'), { kind: 'presence', segment: 'a' });
  assert.deepEqual(route('/connect'), { kind: 'connect' });
  assert.deepEqual(route('/healthz'), { kind: 'health' });
  assert.deepEqual(route('/metrics'), { kind: 'metrics' });
  assert.deepEqual(route('/fanwire.js'), { kind: 'script', file: 'fanwire.js' });
  for (const path of [
    '/',
    '',
    '*',
    '/channels',
    '/channels/a/b',
    '/channels/a/presence/b',
    '/channels/a/',
    '/connect/a',
    '/healthz/',
    '/Connect',
    '//connect',
  ]) {
    assert.equal(route(path), undefined, path);
  }
});

test('everything moves under a base path, with or without a slash at its end', () => {
  for (const base of ['/realtime/v1', '/realtime/v1/']) {
    const route = createRouter(base);
    assert.deepEqual(route('/realtime/v1/connect'), { kind: 'connect' });
    for (const path of ['/connect', '/realtime/v1', '/realtime/v11/connect', '/realtime/v1connect']) {
      assert.equal(route(path), undefined, path);
    }
  }
});

test('a base path that no request could have is refused at once', () => {
  for (const base of ['', 'realtime', '/a b', '/a?b', 'https://a/b', '//', `/${'a'.repeat(60)}!`]) {
    assert.throws(() => createRouter(base), TypeError, base);
  }
});

test('only channels and the SDK’s endpoint take a POST', () => {
  const taking = (['channel', 'presence', 'connect', 'health', 'metrics'] as const).filter((kind) =>
    methodsOf({ kind, segment: '' } as Parameters<typeof methodsOf>[0]).includes('POST'),
  );
  assert.deepEqual(taking, ['channel', 'connect']);
});
