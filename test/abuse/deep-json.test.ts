import { test } from 'node:test';
import {
  ANSWERED,
  assertRefused,
  attackBySocket,
  hello,
  JSON_WIRE,
  publish,
  SOCKET_WIRE,
} from './support/attacker.ts';
import { underAttack } from './support/under-attack.ts';
import { startVictim } from './support/victim.ts';

// Row 14: a parser takes seconds for what is refused for its size afterwards, and what calls itself has only so much stack.
const nested = (bytes: number) => '['.repeat(bytes / 2) + ']'.repeat(bytes / 2);
const framed = (data: string) => `{"ref":1,"publish":{"channel":"deep","data":${data}}}`;
const REFUSALS = ['json_too_deep', 'message_too_large', 'body_too_large'];

for (const contentType of ['application/json', 'application/x-ndjson']) {
  test(`6 MB of nested arrays as ${contentType} are refused before they are parsed`, async (t) => {
    const victim = await startVictim(t);
    const attempt = await underAttack(t, victim, {}, async () => {
      const attempts = Array.from({ length: 4 }, () =>
        publish(victim, 'deep', nested(6_000_000), { contentType }),
      );
      return (await Promise.all(attempts))[0]!;
    });
    assertRefused(attempt, ...REFUSALS);
  });
}

for (const wire of [JSON_WIRE, SOCKET_WIRE]) {
  test(`deep JSON in a frame by ${wire.name} is the client’s fault, not the hub’s`, async (t) => {
    const victim = await startVictim(t);
    const attempt = await underAttack(t, victim, {}, async () => {
      const attempt = await wire.attack(victim, [framed(nested(20_000))]);
      await attempt.answers(ANSWERED);
      attempt.end();
      return attempt;
    });
    assertRefused(attempt, 'json_too_deep');
  });
}

test('frames of 2 MB of nested arrays by WebSocket hold nobody up', async (t) => {
  const victim = await startVictim(t);
  const attempt = await underAttack(t, victim, {}, async () => {
    const attempts = Array.from({ length: 4 }, () =>
      attackBySocket(victim, '/connect', [hello(), ...Array(4).fill(framed(nested(2_000_000)))]),
    );
    const all = await Promise.all(attempts);
    await Promise.all(all.map((attempt) => attempt.answers(ANSWERED)));
    for (const attempt of all) attempt.end();
    return all[0]!;
  });
  assertRefused(attempt, ...REFUSALS);
});
