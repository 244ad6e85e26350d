import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { startNats } from '../support/nats-server.ts';
import { startRedis } from '../support/redis-server.ts';
import { publish } from './support/attacker.ts';
import { underAttack } from './support/under-attack.ts';
import { inMiB, MIB, startVictim, type Victim } from './support/victim.ts';

// Row 8: an engine has its own memory, and other users.
const ADDRESSES = 12;
const BURST = 14;
/** What a channel keeps by default, with room for what the engine keeps of its own. */
const MAX_BYTES = 48 * MIB;
const body = Buffer.alloc(MIB - 200, 'x');

test('a channel of a log in Redis keeps no more than it may', async (t) => {
  const redis = await startRedis(t);
  const victim = await startVictim(t, { heapMiB: 256, args: ['--log', redis.url] });
  await underAttack(t, victim, { staysMiB: 32 }, () => fill(victim));
  const used = Number(/used_memory:(\d+)/.exec(await redis.send('INFO', 'memory'))?.[1]);
  assert.ok(used <= MAX_BYTES, `Redis holds ${inMiB(used)} of ${ADDRESSES * BURST} MiB published`);
});

test('a channel of a log in NATS keeps no more than it may, and its stream is bounded', async (t) => {
  const nats = await startNats(t);
  const victim = await startVictim(t, { heapMiB: 256, args: ['--log', nats.url] });
  await underAttack(t, victim, { staysMiB: 32 }, () => fill(victim));
  const connection = await connect({ port: nats.port });
  t.after(() => connection.close());
  const { streams } = await jetstreamManager(connection);
  let bytes = 0;
  for await (const { config, state } of streams.list()) {
    bytes += state.bytes;
    // Members of presence go by themselves, and joining has a pace.
    if (config.name.endsWith('-roster')) continue;
    assert.ok(config.max_bytes > 0, `the stream ${config.name} has no max_bytes`);
  }
  assert.ok(bytes <= MAX_BYTES, `NATS holds ${inMiB(bytes)} of ${ADDRESSES * BURST} MiB published`);
});

/** Publishes to one channel, from each address as much as it may at once. */
async function fill(victim: Victim): Promise<void> {
  for (let address = 0; address < ADDRESSES; address++) {
    const from = `127.0.0.${10 + address}`;
    for (let index = 0; index < BURST; index++) {
      const publishOnce = () => publish(victim, 'own', body, { contentType: 'text/plain', from });
      let answer = await publishOnce();
      // The engine was late. Asked at once, the address would use up its pace.
      while (answer.status === 503) {
        await delay((answer.retryAfter ?? 1) * 1000);
        answer = await publishOnce();
      }
      assert.equal(answer.status, 201, answer.text);
    }
  }
}
