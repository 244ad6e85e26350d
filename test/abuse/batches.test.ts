import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { assertRefused, publish } from './support/attacker.ts';
import { underAttack } from './support/under-attack.ts';
import { MIB, startVictim, type Victim } from './support/victim.ts';

// The longest that a bucket takes to fill: its burst is two seconds' worth.
const BURST_SECONDS = 2;
const batch = { contentType: 'application/x-ndjson' };

// Row 2.
test('a batch of four million lines is refused before it is worked on', async (t) => {
  const victim = await startVictim(t);
  const attempt = await underAttack(t, victim, {}, () =>
    publish(victim, 'flood', '1\n'.repeat(4 * MIB - 1), batch),
  );
  assertRefused(attempt, 'batch_too_large');
  assert.equal(attempt.status, 413);
});

// Row 3.
test('nobody owes anything after a batch: whoever shares the address may publish within the burst’s time', async (t) => {
  const victim = await startVictim(t, { heapMiB: 256 });
  await underAttack(t, victim, { staysMiB: 32 }, async () => {
    for (const lines of [40_000, 1000, 1000, 1000])
      await publish(victim, 'flood', '1\n'.repeat(lines), batch);
    const refused = await untilRefused(victim);
    assertRefused(refused, 'too_many_publishes');
    const { retryAfter = Number.POSITIVE_INFINITY } = refused;
    assert.ok(retryAfter <= BURST_SECONDS, `told to wait ${retryAfter} s`);
    await delay(retryAfter * 1000);
    assert.equal((await publish(victim, 'own', '1')).status, 201);
  });
});

/** Batches from the one address, until its bucket is empty. */
async function untilRefused(victim: Victim) {
  for (;;) {
    const attempt = await publish(victim, 'flood', '1\n'.repeat(500), batch);
    if (attempt.status !== 201) return attempt;
  }
}
