import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SOCKET_WIRE } from './support/attacker.ts';
import { underAttack } from './support/under-attack.ts';
import { inMiB, MIB, startVictim, type Victim } from './support/victim.ts';

// Row 13: each channel beyond those that are remembered was fifty times as dear.
const EACH = 1900;
const REMEMBERED = 100_000;
/** Of so many addresses each, whose bursts are compared: channels that are remembered, and channels beyond them. */
const COMPARED = 12;
const MAX_DEARER = 6;
/** Bytes that all channels beyond those remembered may add. */
const MAX_GROWTH = 4 * MIB;
/** A hundred thousand channels that hold a message each, and their keys. */
const STAYS_MIB = 160;

test('channels beyond those that a log remembers cost what those before them did, and are not remembered', async (t) => {
  const victim = await startVictim(t, { heapMiB: 256 });
  let address = 0;
  const burst = async (addresses: number) => {
    const before = victim.cpuMs;
    for (let count = 0; count < addresses; count++) await openChannels(victim, address++);
    return victim.cpuMs - before;
  };
  await underAttack(t, victim, { staysMiB: STAYS_MIB }, async () => {
    const untilFull = Math.ceil(REMEMBERED / EACH) + 1;
    await burst(untilFull - COMPARED);
    const remembered = await burst(COMPARED);
    const full = await victim.memory();
    const beyond = await burst(COMPARED);
    const growth = (await victim.memory()) - full;
    t.diagnostic(`${remembered} ms of processor time, beyond ${beyond} ms and ${inMiB(growth)} more`);
    assert.ok(beyond <= MAX_DEARER * remembered, `${(beyond / remembered).toFixed(1)} times as dear`);
    assert.ok(growth <= MAX_GROWTH, `${inMiB(growth)} more for ${COMPARED * EACH} channels beyond the most`);
  });
});

/** Publishes to so many new channels from an address of its own, which has a burst of its own. */
async function openChannels(victim: Victim, index: number): Promise<void> {
  const frames = Array.from(
    { length: EACH },
    (_, ref) => `{"ref":${ref},"publish":{"channel":"c.${index}.${ref}","data":1}}`,
  );
  const attempt = await SOCKET_WIRE.attack(victim, frames, { from: `127.0.1.${index + 1}` });
  await attempt.answers(new RegExp(`"ref":${EACH - 1},`));
  attempt.end();
}
