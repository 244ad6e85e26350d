import { test } from 'node:test';
import { ANSWERED, assertRefused, JSON_WIRE, SOCKET_WIRE } from './support/attacker.ts';
import { underAttack } from './support/under-attack.ts';
import { MIB, startVictim } from './support/victim.ts';

// Row 12: a key is kept as long as its interval runs, beside the message.
const CONNECTIONS = 60;
const config = { channels: { 'prices.*': { conflateMs: 60_000 } } };
const frameOf = (number: number) =>
  `{"ref":1,"publish":{"channel":"prices.a","data":1,"key":"${number}${'k'.repeat(2 * MIB - 100)}"}}`;

for (const wire of [JSON_WIRE, SOCKET_WIRE]) {
  test(`conflation keys of 2 MB by ${wire.name} are refused`, async (t) => {
    const victim = await startVictim(t, { config });
    const attempt = await underAttack(t, victim, {}, async () => {
      let attempt = await wire.attack(victim, [frameOf(0)]);
      for (let number = 1; number < CONNECTIONS && victim.alive; number++) {
        await attempt.answers(ANSWERED);
        attempt.end();
        attempt = await wire.attack(victim, [frameOf(number)]);
      }
      await attempt.answers(ANSWERED);
      attempt.end();
      return attempt;
    });
    assertRefused(attempt, 'invalid_parameter', 'message_too_large', 'body_too_large');
  });
}
