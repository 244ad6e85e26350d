import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bestWire, exitCodeOf, judge } from './judge.ts';
import type { Arrivals, Echo, Readings, WireResult } from './readings.ts';

const ECHO: Echo = {
  host: 'hub.example',
  tls: true,
  httpVersion: '1.1',
  authorization: true,
  origin: 'https://hub.example',
  forwarded: { for: 0 },
  time: 1,
};

const KEPT: WireResult = { state: 'proved', firstByteMs: 9, provedMs: 9, held: { end: 'kept', ms: 70_000 } };
const WELL: Readings = {
  url: 'https://hub.example/realtime',
  channel: 'fanwire-doctor.1',
  holdMs: 70_000,
  tls: { issuer: 'An Authority', alpn: 'h2' },
  hasToken: true,
  reach: {
    hub: true,
    heartbeatMs: 25_000,
    webtransport: undefined,
    mayRead: true,
    firstByteMs: 9,
    provedMs: 9,
  },
  arrivals: arrivals({}),
  mayPublish: true,
  wires: {
    websocket: KEPT,
    sse: KEPT,
    'http-streaming': KEPT,
    'long-polling': KEPT,
    polling: { state: 'proved', firstByteMs: 9, provedMs: 9 },
  },
  polls: { stale: false, age: undefined, mayBeCached: false },
  upload: { passedBytes: 1_049_600 },
};

function arrivals(first: Partial<Echo>, ofPage?: Arrivals['ofPage']): Arrivals {
  const echo = { ...ECHO, ...first };
  const again = { echo: { ...echo, time: echo.time + 20 } };
  return { first: { echo }, again, ofPage: ofPage ?? again };
}

function cut(ms: number, silentMs: number): WireResult {
  return { state: 'proved', firstByteMs: 9, provedMs: 9, held: { end: 'cut', ms, silentMs, how: 'reset' } };
}

const REFUSED_PAGE: Arrivals['ofPage'] = {
  failure: { by: 'hub', status: 403, code: 'origin_not_allowed', detail: 'pages of x may not' },
};

for (const [what, change, faults, exitCode] of [
  ['all well', {}, [], 0],
  ['a default port', { arrivals: arrivals({ host: 'hub.example:443' }) }, [], 0],
  ['another Host', { arrivals: arrivals({ host: '10.0.0.3:8080' }, REFUSED_PAGE) }, ['host-changed'], 1],
  [
    'another Host, told by X-Forwarded-Host and believed',
    { arrivals: arrivals({ host: '10.0.0.3:8080', forwarded: { for: 1, host: 'hub.example' } }) },
    [],
    0,
  ],
  ['TLS ends before', { arrivals: arrivals({ tls: false }, REFUSED_PAGE) }, ['origin-refused'], 1],
  ['no Authorization', { arrivals: arrivals({ authorization: false }) }, ['authorization-lost'], 1],
  [
    'no Authorization, as the certificate is not trusted',
    {
      arrivals: arrivals({ authorization: false }),
      tls: { issuer: 'Proxy', alpn: 'h2', fault: 'SELF_SIGNED_CERT_IN_CHAIN' },
    },
    ['certificate'],
    1,
  ],
  ['an old poll', { polls: { stale: true, mayBeCached: false } }, ['cached'], 1],
  ['an old poll that the hub allows', { polls: { stale: true, age: 1, mayBeCached: true } }, [], 0],
  ['a poll with an age', { polls: { age: 3, mayBeCached: false } }, ['cached'], 1],
  [
    'a body that the hub refuses',
    {
      upload: {
        passedBytes: 100,
        refused: {
          bytes: 200,
          failure: { by: 'hub', status: 413, code: 'body_too_large', detail: 'too large' },
        },
      },
    },
    [],
    0,
  ],
  ['silence cut at 10 s', { wires: { ...WELL.wires, sse: cut(10_000, 9900) } }, ['idle-cut'], 1],
  [
    'a parked request cut',
    { wires: { ...WELL.wires, 'long-polling': cut(30_000, 30_000) } },
    ['idle-cut'],
    1,
  ],
  ['a stream cut at 60 s', { wires: { ...WELL.wires, sse: cut(60_000, 10_000) } }, ['lifetime-cut'], 1],
  [
    'a stream that the hub ended',
    {
      wires: {
        ...WELL.wires,
        sse: { ...KEPT, held: { end: 'closed by the hub', ms: 9000, how: 'it goes away' } },
      },
    },
    [],
    0,
  ],
  [
    'a compressor that holds all back',
    {
      wires: {
        ...WELL.wires,
        sse: {
          state: 'failed',
          failure: { by: 'network', cause: 'buffered', detail: 'nothing came' },
          afterMs: 5000,
          encoding: 'gzip',
        },
      },
    },
    ['stream-buffered', 'stream-compressed'],
    1,
  ],
  [
    'UDP blocked',
    {
      wires: {
        ...WELL.wires,
        webtransport: {
          state: 'failed',
          failure: { by: 'network', cause: 'mute', detail: 'no answer' },
          afterMs: 5000,
        },
      },
    },
    ['udp-blocked'],
    1,
  ],
  [
    'a token that is not valid',
    {
      reach: {
        hub: false,
        failure: { by: 'hub', status: 401, code: 'unauthenticated', detail: 'expired' },
        afterMs: 9,
      },
      wires: {},
      arrivals: undefined,
    },
    ['refused-by-hub'],
    2,
  ],
] satisfies [string, Partial<Readings>, string[], number][]) {
  test(`what the readings mean: ${what}`, () => {
    const readings = { ...WELL, ...change };
    const diagnosis = judge(readings);
    const found = diagnosis.findings.map(({ fault }) => fault);
    assert.deepEqual({ found, exitCode: exitCodeOf(readings, diagnosis) }, { found: faults, exitCode });
  });
}

test('the wire that would be used is the best that lasts, or else the best that works', () => {
  assert.equal(bestWire(WELL), 'websocket');
  assert.equal(bestWire({ wires: { ...WELL.wires, websocket: cut(10_000, 9900) } }), 'sse');
  assert.equal(bestWire({ wires: { websocket: cut(10_000, 9900) } }), 'websocket');
  assert.equal(bestWire({ wires: {} }), undefined);
});
