import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Attempt, publish, request, SOCKET_WIRE } from './support/attacker.ts';
import { underAttack } from './support/under-attack.ts';
import { MIB, startVictim, type Victim } from './support/victim.ts';

/** As many as one address may publish at once, by bytes. */
const BURST = 14;
const text = { contentType: 'text/plain' };

/** One address after the other: how much they publish is the attack, not how fast. */
async function fromEach<Result>(count: number, flood: (from: string) => Promise<Result>): Promise<Result[]> {
  const results: Result[] = [];
  for (let index = 0; index < count; index++) results.push(await flood(`127.0.0.${10 + index}`));
  return results;
}

async function publishFrom(
  victim: Victim,
  from: string,
  channel: string,
  body: Buffer,
  count: number,
): Promise<Attempt[]> {
  const attempts: Attempt[] = [];
  for (let index = 0; index < count; index++) {
    attempts.push(await publish(victim, channel, body, { ...text, from }));
  }
  return attempts;
}

// Row 7: one character beyond Latin-1, and V8 keeps two bytes for each.
const wide = `${'x'.repeat(MIB - 200)}€`;
const HEAP_MIB = 128;
/** A quarter of the heap for the log, and what two messages and their encodings take. */
const LOG_MIB = HEAP_MIB / 4 + 12;

test('a memory log keeps what its heap can hold, of text that takes two bytes a character too', async (t) => {
  const victim = await startVictim(t, { heapMiB: HEAP_MIB });
  const body = Buffer.from(wide);
  const attempts = await underAttack(t, victim, { staysMiB: LOG_MIB }, () =>
    fromEach(10, (from) => publishFrom(victim, from, 'wide', body, BURST)),
  );
  assert.deepEqual([...new Set(attempts.flat().map(({ status }) => status))], [201]);
});

test('the same in frames over a WebSocket', async (t) => {
  const victim = await startVictim(t, { heapMiB: HEAP_MIB });
  const data = JSON.stringify(wide);
  const frames = Array.from(
    { length: BURST },
    (_, ref) => `{"ref":${ref},"publish":{"channel":"wide","data":${data}}}`,
  );
  await underAttack(t, victim, { staysMiB: LOG_MIB }, () =>
    fromEach(10, async (from) => {
      const attempt = await SOCKET_WIRE.attack(victim, frames, { from });
      await attempt.answers(new RegExp(`"ref":${BURST - 1},`));
      attempt.end();
    }),
  );
});

// Row 9. The heap is large enough for what the log kept before it had a bound: so that the history is what is lost.
test('whoever fills the log loses of their own first', async (t) => {
  const victim = await startVictim(t, { heapMiB: 512 });
  const body = Buffer.alloc(MIB - 200, 'x');
  await underAttack(t, victim, { staysMiB: 144 }, async () => {
    const news = await publishFrom(victim, '127.0.0.1', 'news', Buffer.from('news'), 10);
    assert.deepEqual([...new Set(news.map(({ status }) => status))], [201]);
    await fromEach(20, (from) => publishFrom(victim, from, 'own', body, BURST));
    const { text: history } = await request(victim, { method: 'GET', path: '/channels/news?after=start' });
    assert.equal(history.match(/"data":"news"/g)?.length ?? 0, 10, 'the history of another channel');
  });
});
