import assert from 'node:assert/strict';
import { test } from 'node:test';
import { claimsOf, judged } from '../../src/lab/claims.ts';
import { TECHNIQUES } from '../../src/lab/clients/clients.ts';
import { NETWORKS } from '../../src/lab/networks/networks.ts';
import type { Cell } from '../../src/lab/readings.ts';
import { TLS } from '../../src/lab/tls.ts';

const PACE = 5;

const WELL: Cell = {
  technique: '',
  works: 'yes',
  firstMs: 1,
  medianMs: 1,
  worstMs: 2,
  backMs: 1,
  worstAfterMs: 1,
  forgotten: false,
  missed: 0,
  doubled: 0,
  gaps: 0,
  passedOver: 0,
  requests: 2,
  fromCache: 0,
  sentLastEventId: true,
  upgrades: 2,
  said: ['sse cut (ended)', 'sse works'],
};

const READINGS: readonly Cell[] = [
  WELL,
  { ...WELL, medianMs: 500, worstMs: 1000, forgotten: true, fromCache: 1 },
  { ...WELL, works: 'no', medianMs: undefined, sentLastEventId: false, upgrades: 1, said: [] },
];

test('each claim is of a technique that there is, and is agreed with or not by what is read', () => {
  const rows = TECHNIQUES.map(({ name }) => name);
  for (const tls of TLS) {
    for (const { name: network } of NETWORKS) {
      for (const [technique, { agrees }] of Object.entries(claimsOf(network, tls))) {
        assert.ok(rows.includes(technique), technique);
        const verdicts = READINGS.map(
          (cell) => judged({ network, tls }, { ...cell, technique }, PACE)?.verdict,
        );
        const expected = agrees ? ['agreed', 'not agreed'] : ['not tried'];
        assert.deepEqual([...new Set(verdicts)].sort(), expected, `${technique} in ${network}, ${tls}`);
      }
    }
  }
  const direct = { network: 'direct', tls: 'none' } as const;
  assert.equal(judged(direct, { ...WELL, technique: 'http-streaming' }, PACE), undefined);
});
