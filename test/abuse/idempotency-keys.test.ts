import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Attempt, assertRefused, JSON_WIRE, publish, request } from './support/attacker.ts';
import { bearer, SECRET } from './support/tokens.ts';
import { underAttack } from './support/under-attack.ts';
import { startVictim, type Victim } from './support/victim.ts';

const VICTIMS_ADDRESS = '127.0.0.3';
const keyed = (key: string, from: string, headers: Readonly<Record<string, string>> = {}) => ({
  from,
  headers: { 'Idempotency-Key': key, ...headers },
});

function idOf({ text }: Attempt): string | undefined {
  return /"id":"([^"]+)"/.exec(text)?.[1];
}

// Row 10: keys of one's own, so many that another's are forgotten.
test('a flood of keys does not make the log forget another client’s', async (t) => {
  const victim = await startVictim(t, { heapMiB: 256 });
  const pay = () => publish(victim, 'orders', '{"pay":1}', keyed('order-1', VICTIMS_ADDRESS));
  const first = await pay();
  assert.equal(first.status, 201);
  // Waits of other clients are measured by the tests of batches.
  const flood = { contentType: 'application/x-ndjson', ...keyed('flood', '127.0.0.1') };
  for (const lines of [110_000, 1000, 1000]) await publish(victim, 'orders', '1\n'.repeat(lines), flood);
  assert.equal(idOf(await pay()), idOf(first), 'the retry is known for one');
});

// Row 11: a key that can be guessed, used before whoever it belongs to.
test('nobody elsewhere can take a key: the message under it is stored', async (t) => {
  const victim = await startVictim(t);
  await underAttack(t, victim, {}, async () => {
    const taken = await publish(victim, 'orders', '"stolen"', keyed('order-4711', '127.0.0.1'));
    const own = await publish(victim, 'orders', '"own"', keyed('order-4711', VICTIMS_ADDRESS));
    assert.equal(own.status, 201);
    assert.notEqual(idOf(own), idOf(taken));
    assert.match(await historyOf(victim), /"data":"own"/);
  });
});

test('nor by the frames of another client', async (t) => {
  const victim = await startVictim(t);
  const frame = { ref: 1, publish: { channel: 'orders', data: 'stolen', idempotencyKey: 'order-4711' } };
  await underAttack(t, victim, {}, async () => {
    await (await JSON_WIRE.attack(victim, [JSON.stringify(frame)])).ended;
    const body = JSON.stringify([
      { hello: { client: 'honest-0001' } },
      { ref: 1, publish: { ...frame.publish, data: 'own' } },
    ]);
    await request(victim, {
      path: '/connect',
      headers: { 'Content-Type': 'application/json' },
      body,
      from: VICTIMS_ADDRESS,
    });
    assert.match(await historyOf(victim), /"data":"own"/);
  });
});

test('nor by another token', async (t) => {
  const victim = await startVictim(t, { environment: { FANWIRE_SECRET: SECRET } });
  const grants = { read: ['*'], publish: ['*'] };
  const [mallory, ada] = [await bearer(grants, 'mallory'), await bearer(grants, 'ada')];
  await underAttack(t, victim, { headers: ada }, async () => {
    await publish(victim, 'orders', '"stolen"', keyed('order-4711', '127.0.0.1', mallory));
    await publish(victim, 'orders', '"own"', keyed('order-4711', '127.0.0.1', ada));
    assert.match(await historyOf(victim, ada), /"data":"own"/);
  });
});

test('the same key with another body is refused, not swallowed', async (t) => {
  const victim = await startVictim(t);
  const pay = (body: string) => publish(victim, 'orders', body, keyed('order-1', '127.0.0.1'));
  assert.equal((await pay('{"pay":1}')).status, 201);
  const other = await pay('{"pay":2}');
  assertRefused(other, 'idempotency_conflict');
  assert.equal(other.status, 422);
  assert.equal((await pay('{"pay":1}')).status, 201);
});

async function historyOf(victim: Victim, headers: Readonly<Record<string, string>> = {}): Promise<string> {
  const { text } = await request(victim, { method: 'GET', path: '/channels/orders?after=start', headers });
  return text;
}
