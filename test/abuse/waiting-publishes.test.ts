import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  ANSWERED,
  type Attempt,
  attackBySocket,
  JSON_WIRE,
  publish,
  SOCKET_WIRE,
} from './support/attacker.ts';
import { assertHoldsAtMost } from './support/held.ts';
import { bearer, SECRET } from './support/tokens.ts';
import { underAttack } from './support/under-attack.ts';
import { MIB, startVictim, type Victim } from './support/victim.ts';

// Row 6: publishes that wait for their turn.
const PUBLISHES = 64;
/** What an address may have in flight, and what sockets and parsers hold beside it. */
const MAX_MIB = 48;
const data = `"${'x'.repeat(MIB - 100)}"`;
const frames = Array.from(
  { length: PUBLISHES },
  (_, ref) => `{"ref":${ref},"publish":{"channel":"flood","data":${data}}}`,
);
/** Nothing stays in the log, so that what is held is held for the attackers. */
const config = { channels: { flood: { ephemeral: true } } };

interface Flood {
  readonly name: string;
  readonly connections: number;
  readonly attack: (victim: Victim) => Promise<Attempt>;
}

const FLOODS: readonly Flood[] = [
  {
    name: 'on a channel’s WebSocket',
    connections: 6,
    attack: (victim) =>
      attackBySocket(
        victim,
        '/channels/flood?after=now',
        Array.from({ length: PUBLISHES }, () => data),
      ),
  },
  {
    name: 'in frames over a WebSocket',
    connections: 6,
    attack: (victim) => SOCKET_WIRE.attack(victim, frames),
  },
  {
    name: 'in frames over HTTP',
    connections: 40,
    attack: (victim) => JSON_WIRE.attack(victim, frames.slice(0, 2)),
  },
];

for (const { name, connections, attack } of FLOODS) {
  test(`publishes that wait ${name} are bounded in bytes`, async (t) => {
    const victim = await startVictim(t, { config });
    await underAttack(t, victim, {}, async () => {
      // Takes all turns of the address, if it is let.
      await publish(victim, 'flood', '1\n'.repeat(60_000), { contentType: 'application/x-ndjson' });
      const before = await victim.memory();
      const attempts = await Promise.all(Array.from({ length: connections }, () => attack(victim)));
      await assertHoldsAtMost(victim, before, MAX_MIB);
      for (const attempt of attempts) attempt.end();
    });
  });
}

test('whoever may not publish takes nobody’s turn', async (t) => {
  const victim = await startVictim(t, { environment: { FANWIRE_SECRET: SECRET } });
  const all = await bearer({ read: ['*'], publish: ['*'] });
  const none = await bearer({ read: ['*'] });
  const forbidden = Array.from(
    { length: 4000 },
    (_, ref) => `{"ref":${ref},"publish":{"channel":"news","data":1}}`,
  );
  await underAttack(t, victim, { headers: all }, async () => {
    const attempt = await SOCKET_WIRE.attack(victim, forbidden, { headers: none });
    await attempt.answers(ANSWERED);
    // More than the burst, by somebody of the same address: all of them are owed to it.
    for (let lines = 0; lines < 2000; lines += 500) {
      const published = await publish(victim, 'news', '1\n'.repeat(500), {
        contentType: 'application/x-ndjson',
        headers: all,
      });
      assert.equal(published.status, 201, published.text);
    }
    attempt.end();
  });
});
