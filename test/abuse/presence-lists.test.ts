import { test } from 'node:test';
import { assertRefused, type FrameWire, JSON_WIRE, request, STREAMING_WIRES } from './support/attacker.ts';
import { assertHoldsAtMost } from './support/held.ts';
import { underAttack } from './support/under-attack.ts';
import { startVictim, type Victim } from './support/victim.ts';

// Row 1: frames of 42 bytes, each answered with the whole list of members.
const MEMBERS = 900;
const QUESTIONS = 1500;
const AT_ONCE = 30;
const ask = (ref: number) => JSON.stringify({ ref, presence: { channel: 'room' } });
const questions = Array.from({ length: QUESTIONS }, (_, index) => ask(index));

test('a body full of questions for a long list of members is answered with as much as one answer holds', async (t) => {
  const victim = await startVictim(t);
  const attempt = await underAttack(t, victim, {}, async () => {
    await fillRoom(victim);
    const attempt = await JSON_WIRE.attack(victim, questions);
    await attempt.ended;
    return attempt;
  });
  assertRefused(attempt, 'answer_full');
});

for (const wire of STREAMING_WIRES) {
  test(`whoever asks for a long list again and again by ${wire.name}, and never reads, is not read on`, async (t) => {
    const victim = await startVictim(t);
    await underAttack(t, victim, {}, () => askWithoutReading(victim, wire));
  });
}

async function askWithoutReading(victim: Victim, wire: FrameWire): Promise<void> {
  await fillRoom(victim);
  const before = await victim.memory();
  const attempt = await wire.attack(victim, questions, { reads: false });
  await assertHoldsAtMost(victim, before, 16);
  attempt.end();
}

/** Members whose connections have ended: they linger. */
async function fillRoom(victim: Victim): Promise<void> {
  const join = { ref: 1, subscribe: { channel: 'room', presence: 'x'.repeat(900) } };
  for (let member = 0; member < MEMBERS; member += AT_ONCE) {
    await Promise.all(
      Array.from({ length: AT_ONCE }, (_, index) =>
        request(victim, {
          path: '/connect',
          headers: { 'Content-Type': 'application/json' },
          body: JSON.stringify([{ hello: { client: `member-${member + index}` } }, join]),
        }),
      ),
    );
  }
}
