import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { sightingsOf, startBystander } from './bystander.ts';
import { inMiB, MIB, type Victim } from './victim.ts';

/** So many requests tell what a quiet hub takes. */
const QUIET_REQUESTS = 20;
/**
 * A request may take so many times what the slowest took while it was quiet, and at least so long: a collection, or
 * other tests of this machine, may fall into one of the two. The attacks that were seen held a hub for many seconds.
 */
const TIMES_QUIET = 20;
const MIN_MS = 5000;
/** An attack that goes on for longer is itself the finding. */
const ATTACK_MS = 120_000;

export interface Bounds {
  /** What may stay in use after the attack, in MiB: what a log keeps of it, for example. */
  readonly staysMiB?: number;
  /** Of the bystander's requests. */
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * Attacks a hub beside an honest client, and holds it to what it promises: it lives, the honest client is answered, and
 * memory comes back once the attacker has gone.
 * @param attack has let go of all it opened when it resolves
 */
export async function underAttack<Result>(
  t: TestContext,
  victim: Victim,
  { staysMiB = 16, headers }: Bounds,
  attack: () => Promise<Result>,
): Promise<Result> {
  const bystander = startBystander(t, victim.url, headers);
  const quiet = await sightingsOf(bystander, QUIET_REQUESTS);
  assert.deepEqual(quiet.failures, [], 'an honest client is served while it is quiet');
  const before = await victim.memory();
  await bystander.sightings();

  const began = performance.now();
  const ended = new AbortController();
  const endless = delay(ATTACK_MS, undefined, { signal: ended.signal }).then(() => {
    throw new Error('the attack goes on and on');
  });
  const outcome = await Promise.race([attack(), endless]).then(
    (result) => ({ result }),
    (error: unknown) => ({ error }),
  );
  ended.abort();
  endless.catch(() => {});
  const seen = await bystander.sightings();
  const times = seen.slowestMs / quiet.slowestMs;
  t.diagnostic(
    `${((performance.now() - began) / 1000).toFixed(1)} s: at most ` +
      `${inMiB(victim.peakBytes)} resident; the bystander had ${seen.answers} answers and ${seen.failures.length} ` +
      `failures, waited at most ${seen.slowestMs.toFixed(0)} ms, ${times.toFixed(1)} times as long as in quiet`,
  );

  await victim.assertAlive();
  assert.ok(
    seen.slowestMs <= Math.max(MIN_MS, TIMES_QUIET * quiet.slowestMs) + victim.longestLookMs,
    `a request of another client took ${seen.slowestMs.toFixed(0)} ms, ${times.toFixed(1)} times as long as in quiet`,
  );
  assert.deepEqual([...new Set(seen.failures)], [], 'another client is served');
  if ('error' in outcome) throw outcome.error;
  await victim.untilMemoryAtMost(before + staysMiB * MIB);
  return outcome.result;
}
