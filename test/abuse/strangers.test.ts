import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertRefused, attackBySocket, request } from './support/attacker.ts';
import { bearer, SECRET } from './support/tokens.ts';
import { underAttack } from './support/under-attack.ts';
import { MIB, startVictim } from './support/victim.ts';

// Row 4: frames without a token, on a hub that wants tokens. Each is worth ten bytes and a look.
const frames = (bytes: number) => `[${'{"ref":1},'.repeat(bytes / 10 - 1)}{"ref":1}]`;
const ATTACKERS = 4;
/** A frame larger than the hub takes (RFC 6455 section 7.4.1). */
const TOO_LARGE = 1009;

const all = await bearer({ read: ['*'], publish: ['*'] });

test('a stranger’s body of 8 MB of frames is not read', async (t) => {
  const victim = await startVictim(t, { environment: { FANWIRE_SECRET: SECRET } });
  const attempt = await underAttack(t, victim, { headers: all }, () => post(8 * MIB));
  assertRefused(attempt, 'body_too_large', 'unauthenticated');

  async function post(bytes: number) {
    const attempts = Array.from({ length: ATTACKERS }, () =>
      request(victim, {
        path: '/connect',
        headers: { 'Content-Type': 'application/json' },
        body: frames(bytes - 20),
      }),
    );
    return (await Promise.all(attempts))[0]!;
  }
});

test('a stranger’s first WebSocket frame of 2 MB is not read', async (t) => {
  const victim = await startVictim(t, { environment: { FANWIRE_SECRET: SECRET } });
  const attempt = await underAttack(t, victim, { headers: all }, async () => {
    const attempts = Array.from({ length: ATTACKERS }, () =>
      attackBySocket(victim, '/connect', [frames(2 * MIB)]),
    );
    const sent = await Promise.all(attempts);
    await Promise.all(sent.map(({ ended }) => ended));
    return sent[0]!;
  });
  assert.equal(attempt.closeCode, TOO_LARGE, `it was read: ${attempt.text.slice(0, 200)}`);
});

test('a body of two hundred thousand frames is refused before they are looked at, on an open hub too', async (t) => {
  const victim = await startVictim(t);
  const attempt = await underAttack(t, victim, {}, () =>
    request(victim, {
      path: '/connect',
      headers: { 'Content-Type': 'application/json' },
      body: frames(2 * MIB),
    }),
  );
  assertRefused(attempt, 'batch_too_large', 'body_too_large');
});
