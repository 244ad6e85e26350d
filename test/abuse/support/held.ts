import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { inMiB, MIB, type Victim } from './victim.ts';

const LOOKS = 8;
const BETWEEN_MS = 250;

/** Holds a hub to what it may have in use, beside `before`, while attackers keep their connections open. */
export async function assertHoldsAtMost(victim: Victim, before: number, maxMiB: number): Promise<void> {
  for (let look = 0; look < LOOKS; look++) {
    await delay(BETWEEN_MS);
    const held = (await victim.memory()) - before;
    assert.ok(held <= maxMiB * MIB, `${inMiB(held)} are held for the attackers, at most ${maxMiB} may be`);
  }
}
