import assert from 'node:assert/strict';
import type { IncomingHttpHeaders } from 'node:http';
import { test } from 'node:test';
import { answeredSubprotocol } from '../transports/websocket/subprotocol.ts';
import { credentialsOf, type TokenPlaces } from './credentials.ts';

function tokenOf(
  headers: IncomingHttpHeaders,
  places?: TokenPlaces,
  url = '/channels/a',
): string | undefined {
  return credentialsOf({ headers, url }, '192.0.2.1', places).token;
}

test('credentials hold the address and all headers', () => {
  const headers = { 'x-api-key': 'k' };
  assert.deepEqual(credentialsOf({ headers, url: '/' }, '192.0.2.1'), {
    token: undefined,
    headers,
    address: '192.0.2.1',
  });
});

test('a bearer header is read whatever the case of its scheme', () => {
  for (const scheme of ['Bearer', 'bearer', 'BEARER']) {
    assert.equal(tokenOf({ authorization: `${scheme} a.b-c_d.e=` }), 'a.b-c_d.e=');
  }
  assert.equal(tokenOf({ authorization: 'Basic dTpw' }), undefined);
});

test('a bearer header that holds no token is refused, not taken for none', () => {
  for (const authorization of ['Bearer', 'Bearer ', 'Bearer a b', 'Bearer "a"']) {
    assert.throws(() => tokenOf({ authorization }), { code: 'unauthenticated' });
  }
});

test('a cookie is read only by the configured name', () => {
  const cookie = 'other=1; session=abc; session2=def';
  assert.equal(tokenOf({ cookie }), undefined);
  assert.equal(tokenOf({ cookie }, { cookie: 'session' }), 'abc');
  assert.equal(tokenOf({ cookie: 'session="abc"' }, { cookie: 'session' }), 'abc');
  assert.equal(tokenOf({ cookie: 'session=a=b' }, { cookie: 'session' }), 'a=b');
  assert.equal(tokenOf({ cookie: 'session' }, { cookie: 'session' }), '');
});

test('a WebSocket may carry the token as a subprotocol, which is never the one answered', () => {
  const headers = { 'sec-websocket-protocol': 'bearer.a.b.c, fanwire.1' };
  assert.equal(tokenOf(headers), 'a.b.c');
  assert.equal(answeredSubprotocol({ headers }), 'fanwire.1');
  assert.equal(answeredSubprotocol({ headers: { 'sec-websocket-protocol': 'bearer.a' } }), undefined);
  assert.equal(answeredSubprotocol({ headers: {} }), undefined);
});

test('a token in the URL is read only where it is configured', () => {
  const url = '/channels/a?access=abc&last=1';
  assert.equal(tokenOf({}, {}, url), undefined);
  assert.equal(tokenOf({}, { urlParameter: 'access' }, url), 'abc');
});

test('the same token in two places is fine, two tokens are refused', () => {
  const twice = { authorization: 'Bearer a', 'sec-websocket-protocol': 'bearer.a' };
  assert.equal(tokenOf(twice), 'a');
  const places = { cookie: 'c', urlParameter: 't' };
  const refused = { code: 'invalid_parameter', message: /two different tokens/ };
  assert.throws(() => tokenOf({ ...twice, cookie: 'c=b' }, places), refused);
  assert.throws(() => tokenOf({ cookie: 'c=a; c=b' }, places), refused);
  assert.throws(() => tokenOf({}, places, '/?t=a&t=b'), refused);
});
