import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { type Attempt, assertRefused, attackByHttp } from './support/attacker.ts';
import { assertHoldsAtMost } from './support/held.ts';
import { underAttack } from './support/under-attack.ts';
import { MIB, startVictim, type Victim } from './support/victim.ts';

// Row 5: bodies that stop one byte short.
const SOCKETS = 60;
const headers = { 'Content-Type': 'text/plain' };
const BODY = Buffer.alloc(8 * MIB - 1, 'x');
/** What one address may have in flight, and what buffers beside it take. */
const MAX_MIB = 64;

for (const [name, length] of [
  ['that promises its length', 8 * MIB],
  ['in chunks', 'chunked'],
] as const) {
  test(`sixty bodies, each ${name} and stops short, hold no more than an address may`, async (t) => {
    const victim = await startVictim(t);
    const attempts = await underAttack(t, victim, {}, () => stopShort(victim, length));
    for (const attempt of attempts.filter(({ codes }) => codes.size > 0)) {
      assertRefused(attempt, 'hub_busy', 'body_too_slow');
    }
  });
}

async function stopShort(victim: Victim, length: number | 'chunked'): Promise<Attempt[]> {
  const before = await victim.memory();
  const attempts = Array.from({ length: SOCKETS }, () =>
    attackByHttp(victim, { path: '/channels/flood', headers, body: BODY, length }),
  );
  await assertHoldsAtMost(victim, before, MAX_MIB);
  // The others are refused for want of room, and not for being slow; on a busy machine later than they have sent it all.
  const read = () => attempts.filter(({ taken, codes }) => taken && !codes.has('hub_busy'));
  while (read().length * 8 > MAX_MIB) await delay(50);
  for (const attempt of attempts) attempt.end();
  return attempts;
}

test('a body that stops is given up, and told so', async (t) => {
  const victim = await startVictim(t);
  const attempt = await underAttack(t, victim, {}, async () => {
    const attempt = attackByHttp(victim, { path: '/channels/slow', headers, body: 'a', length: 2 });
    await attempt.ended;
    return attempt;
  });
  assertRefused(attempt, 'body_too_slow');
  assert.equal(attempt.status, 408);
});
