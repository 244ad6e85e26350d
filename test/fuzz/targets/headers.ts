import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import fc from 'fast-check';
import { clientAddress, networkOf } from '../../../src/server/address.ts';
import { mediaTypeOf } from '../../../src/server/body.ts';
import { credentialsOf } from '../../../src/server/credentials.ts';
import { createHostCheck } from '../../../src/server/host.ts';
import { negotiate, waitOf } from '../../../src/server/negotiation.ts';
import { createOriginCheck } from '../../../src/server/origin.ts';
import { queryOf } from '../../../src/server/request-url.ts';
import { answeredSubprotocol } from '../../../src/transports/websocket/subprotocol.ts';
import { mutated } from '../mutated.ts';
import { target, unlessRefused } from '../target.ts';

type Request = Pick<IncomingMessage, 'headers' | 'socket' | 'url'>;

function requestWith(headers: IncomingMessage['headers'], url = '/'): Request {
  const socket = { localAddress: '127.0.0.1', remoteAddress: '127.0.0.1' } as IncomingMessage['socket'];
  return { headers, url, socket };
}

const TYPES = ['application/json', 'text/event-stream', 'application/x-ndjson'];
const TOKEN = 'aaa.bbb-_.ccc';
const places = { cookie: 'token', urlParameter: 'token' };

const checkHost = createHostCheck(['hub.example'], false);
const checkOpenHost = createHostCheck(undefined, true);
const checkOrigin = createOriginCheck({
  origins: ['https://app.example'],
  trustProxy: true,
  cookie: undefined,
});
const checkOwnOrigin = createOriginCheck({ origins: undefined, trustProxy: false, cookie: undefined });

const spelling: fc.Arbitrary<Spelling> = fc.record({ padded: fc.boolean(), dotted: fc.boolean() });
const groups = fc.array(fc.integer({ min: 0, max: 0xffff }), { minLength: 8, maxLength: 8 });

interface Spelling {
  readonly padded: boolean;
  readonly dotted: boolean;
}

/** In one of the ways of RFC 4291 section 2.2: zeros may lead, a run of zeros be left out, the end be an IPv4 address. */
function spelled(values: readonly number[], { padded, dotted }: Spelling): string {
  const words = values.map((value) => value.toString(16).padStart(padded ? 4 : 1, '0'));
  const bytes = values.slice(6).flatMap((value) => [value >> 8, value & 0xff]);
  const all = dotted ? [...words.slice(0, 6), bytes.join('.')] : words;
  const zeros = values.findIndex((value, index) => index < 5 && value === 0 && values[index + 1] === 0);
  if (zeros === -1) return all.join(':');
  let end = zeros;
  while (values[end] === 0 && end < 6) end++;
  return `${all.slice(0, zeros).join(':')}::${all.slice(end).join(':')}`;
}

export const headerTargets = [
  target(
    'Accept and Content-Type',
    mutated([
      'application/json',
      'text/event-stream;q=0.5, */*;q=0.1',
      'application/*, text/html',
      'application/json; charset="utf-8"',
    ]),
    (text) => {
      const chosen = unlessRefused(['not_acceptable'], () => negotiate({ headers: { accept: text } }));
      assert.ok(chosen === undefined || TYPES.includes(chosen[0]!.mediaType));
      unlessRefused(['unsupported_media_type'], () => mediaTypeOf({ headers: { 'content-type': text } }));
    },
  ),
  target(
    'Prefer and wait',
    mutated(['wait=30', 'respond-async, wait="10"', 'handling=lenient; wait=5', '1.5']),
    (text) => {
      const waits = [
        () => waitOf({ headers: { prefer: text } }, new URLSearchParams(), 55),
        () => waitOf({ headers: {} }, queryOf({ url: `/?wait=${text}` }), 55),
      ];
      for (const wait of waits) {
        const seconds = unlessRefused(['invalid_parameter'], wait);
        assert.ok(seconds === undefined || (seconds >= 0 && seconds <= 55), `${seconds}`);
      }
    },
  ),
  target(
    'tokens in headers, cookies and URLs',
    fc.tuple(
      mutated([`Bearer ${TOKEN}`, 'Basic dTpw']),
      mutated([`fanwire, fanwire.token.${TOKEN}`, 'fanwire']),
      mutated([`a=b; token=${TOKEN}`, 'token="x"; token=y']),
      mutated([`/connect?token=${TOKEN}`, '/channels/a']),
    ),
    ([authorization, protocol, cookie, url]) => {
      const request = requestWith({ authorization, 'sec-websocket-protocol': protocol, cookie }, url);
      const one = requestWith({ authorization });
      for (const each of [request, one]) {
        unlessRefused(['unauthenticated', 'invalid_parameter'], () =>
          credentialsOf(each, '127.0.0.1', places),
        );
      }
      assert.ok(['fanwire', undefined].includes(answeredSubprotocol(request)), 'a token is repeated');
    },
  ),
  target(
    'X-Forwarded-For',
    mutated([
      '203.0.113.7',
      '10.0.0.1, [2001:db8::7]:4711',
      '::ffff:192.0.2.1',
      '2001:db8::192.0.2.1',
      'fe80::1%eth0',
    ]),
    (text) => {
      const address = clientAddress(requestWith({ 'x-forwarded-for': text }), true);
      assert.notEqual(isIP(address), 0);
      const network = networkOf(address);
      assert.equal(network.endsWith('::/64'), isIP(address) === 6, network);
      assert.doesNotMatch(network, /NaN|undefined/);
    },
  ),
  target(
    'networks of IPv6 addresses',
    fc.tuple(groups, groups, spelling, spelling, fc.array(fc.nat(7), { maxLength: 8 })),
    ([one, other, first, second, zeros]) => {
      const [values, neighbour] = [one, [...one.slice(0, 4), ...other.slice(4)]].map((values) =>
        values.map((value, index) => (zeros.includes(index) ? 0 : value)),
      );
      assert.equal(networkOf(spelled(values!, first)), networkOf(spelled(neighbour!, second)));
    },
  ),
  target(
    'Host, Origin and X-Forwarded-Proto',
    fc.tuple(
      mutated([
        'hub.example',
        'HUB.example.:8080',
        'localhost:1',
        '[::1]:80',
        'evil.example',
        'hub.example@evil.example',
      ]),
      mutated(['https://app.example', 'null', 'http://evil.example', 'http://hub.example']),
      mutated(['https', 'http, https', 'ftp']),
    ),
    ([host, origin, proto]) => {
      const request = requestWith({ host, origin, 'x-forwarded-proto': proto, 'sec-fetch-site': proto });
      const served = unlessRefused(['host_not_allowed'], () => [checkHost(request)]);
      if (served) assert.match(new URL(`http://${host}`).hostname, /^hub\.example\.?$/);
      const reached = unlessRefused(['host_not_allowed'], () => [checkOpenHost(request)]);
      if (reached)
        assert.match(new URL(`http://${host}`).hostname, /^(\[::1\]|127\..*|(.*\.)?localhost\.?)$|::ffff:7f/);
      const allowed = unlessRefused(['origin_not_allowed'], () => checkOrigin(request));
      if (allowed?.['Access-Control-Allow-Origin']) assert.equal(origin, 'https://app.example');
      const own = unlessRefused(['origin_not_allowed'], () => checkOwnOrigin(request));
      if (own) assert.equal(origin, new URL(`http://${host}`).origin);
    },
  ),
];
