import assert from 'node:assert/strict';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { test } from 'node:test';
import { createOriginCheck, type OriginOptions } from './origin.ts';

const NOSNIFF = { 'X-Content-Type-Options': 'nosniff' };
const UNLISTED = { Vary: 'Origin', ...NOSNIFF };
const EXPOSED = 'ETag, Fanwire-Position, Preference-Applied, Retry-After';

function check(headers: IncomingHttpHeaders, options: Partial<OriginOptions> = {}, encrypted = false) {
  const ask = createOriginCheck({ origins: undefined, trustProxy: false, cookie: undefined, ...options });
  const request = { headers: { host: 'hub.example', ...headers }, socket: { encrypted } };
  return ask(request as unknown as IncomingMessage);
}

const refused = { code: 'origin_not_allowed' };

test('a request without Origin is no page of another origin', () => {
  assert.deepEqual(check({}), UNLISTED);
});

test('the own origin is the scheme of the socket, the host and its port', () => {
  assert.deepEqual(check({ origin: 'http://hub.example' }), UNLISTED);
  assert.deepEqual(check({ origin: 'https://hub.example' }, {}, true), UNLISTED);
  check({ origin: 'http://hub.example:8080', host: 'Hub.Example:8080' });
  check({ origin: 'http://hub.example', host: 'hub.example:80' });
  check({ origin: 'http://[::1]:3000', host: '[::1]:3000' });
  check({ origin: 'https://hub.example', host: undefined, ':authority': 'hub.example' }, {}, true);
  assert.throws(() => check({ origin: 'http://hub.example:8080' }), refused);
  assert.throws(() => check({ origin: 'http://other.example' }), refused);
  assert.throws(() => check({ origin: 'http://hub.example.evil.example' }), refused);
});

test('a scheme said by a proxy counts only when the proxy is trusted, and only its last word', () => {
  const origin = 'https://hub.example';
  const forwarded = { origin, 'x-forwarded-proto': 'http, https' };
  assert.throws(() => check(forwarded), { ...refused, message: /trustProxy/ });
  check(forwarded, { trustProxy: true });
  assert.throws(() => check({ origin, 'x-forwarded-proto': 'https, http' }, { trustProxy: true }), refused);
});

test('a page that its browser calls the hub’s own is let in, whatever a proxy made of Host', () => {
  const origin = 'https://hub.example';
  check({ origin, host: '127.0.0.1:8080', 'sec-fetch-site': 'same-origin' });
  for (const site of ['same-site', 'cross-site', 'none'])
    assert.throws(() => check({ origin, host: '127.0.0.1:8080', 'sec-fetch-site': site }), refused);
});

test('so is one of the host that a trusted proxy says was asked for, by its last word', () => {
  const headers = {
    origin: 'https://hub.example',
    host: '127.0.0.1:8080',
    'x-forwarded-proto': 'https',
    'x-forwarded-host': 'elsewhere.example, hub.example',
  };
  assert.throws(() => check(headers), { ...refused, message: /pass `Host` on/ });
  check(headers, { trustProxy: true });
  const other = { ...headers, 'x-forwarded-host': 'hub.example, elsewhere.example' };
  assert.throws(() => check(other, { trustProxy: true }), refused);
  check({ ...other, host: 'hub.example' }, { trustProxy: true });
});

test('the opaque origin is refused unless listed, also when the own origin makes no sense', () => {
  assert.throws(() => check({ origin: 'null' }), refused);
  assert.throws(() => check({ origin: 'null', host: 'a b' }), refused);
  assert.throws(() => check({ origin: 'null', 'x-forwarded-proto': 'data' }, { trustProxy: true }), refused);
  assert.equal(check({ origin: 'null' }, { origins: ['null'] })['Access-Control-Allow-Origin'], 'null');
});

test('a listed origin may send credentials and read the headers that matter', () => {
  assert.deepEqual(check({ origin: 'https://app.example' }, { origins: ['https://app.example'] }), {
    'Access-Control-Allow-Origin': 'https://app.example',
    'Access-Control-Allow-Credentials': 'true',
    'Access-Control-Expose-Headers': EXPOSED,
    ...UNLISTED,
  });
  assert.throws(() => check({ origin: 'http://app.example' }, { origins: ['https://app.example'] }), refused);
});

test('where every origin is allowed none may send credentials', () => {
  const headers = check({ origin: 'https://app.example' }, { origins: '*' });
  assert.deepEqual(headers, {
    'Access-Control-Allow-Origin': '*',
    'Access-Control-Expose-Headers': EXPOSED,
    ...NOSNIFF,
  });
  assert.throws(() => check({}, { origins: '*', cookie: 'session' }), {
    name: 'TypeError',
    message: /cookie/,
  });
});

test('a load by a foreign page without Origin is refused, a link to the hub is not', () => {
  for (const site of ['cross-site', 'same-site']) {
    assert.throws(() => check({ 'sec-fetch-site': site, 'sec-fetch-mode': 'no-cors' }), refused);
    check({ 'sec-fetch-site': site, 'sec-fetch-mode': 'navigate' });
  }
  check({ 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'no-cors' });
  check({ 'sec-fetch-site': 'none', 'sec-fetch-mode': 'navigate' });
});

test('an origin that no browser would send is refused when it is configured', () => {
  for (const origin of [
    'https://app.example/',
    'https://app.example:443',
    'https://App.example',
    'app.example',
    'https://*.example',
    '*',
    '',
  ]) {
    const message = /^origins\[1\] must be an origin/;
    assert.throws(() => check({}, { origins: ['null', origin] }), { name: 'TypeError', message });
  }
  check({}, { origins: ['capacitor://localhost', 'chrome-extension://abcdef', 'http://localhost:5173'] });
});
