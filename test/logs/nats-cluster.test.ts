import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { append, dataOf, PLENTY, placeOf } from '../../src/log/conformance/asking.ts';
import { membersOf } from '../../src/log/roster.ts';
import type { Position } from '../../src/protocol/position.ts';
import { FROM_START } from '../../src/protocol/start.ts';
import { freePort } from '../support/free-port.ts';
import { type NatsServer, startNats } from '../support/nats-server.ts';
import { Listener, openNatsLog, untilAvailable } from './support.ts';

async function startCluster(t: TestContext): Promise<NatsServer[]> {
  const ports = [await freePort(), await freePort(), await freePort()];
  const routes = ports.map((port) => `nats://127.0.0.1:${port}`).join(', ');
  const config = (index: number) => `
    server_name: server-${index}
    cluster { name: fanwire, listen: "127.0.0.1:${ports[index]}", routes: [${routes}] }`;
  return Promise.all(ports.map((_, index) => startNats(t, { config: config(index) })));
}

test('the leader of three is killed: what was acknowledged is there, in order, nobody has left, and followers go on', async (t) => {
  const servers = await startCluster(t);
  const url = servers.map((server) => server.url);
  const options = { url, replicas: 3, timeoutMs: 2000 };
  const listener = new Listener();
  const log = await untilAvailable(() => openNatsLog(t, options, listener));
  await untilAvailable(() => log.follow('a'));
  const before = Array.from({ length: 50 }, (_, index) => `${index}`);
  const positions: Position[] = [];
  for (const text of before) {
    // The replicas may be late; under its key the message is there once.
    const { position } = await untilAvailable(() => append(log, 'a', text, { key: `before ${text}` }));
    positions.push(placeOf(position));
  }

  const stay = { channel: 'a', client: 'ada', id: 'stay', member: { client: 'ada', since: 1 } };
  await untilAvailable(() => log.roster!.hold(stay, 60_000));

  const connection = await connect({ servers: url });
  t.after(() => connection.close());
  const { cluster } = await (await jetstreamManager(connection)).streams.info('fanwire');
  assert.match(cluster?.leader ?? '', /^server-\d$/);
  await servers[Number(cluster!.leader!.at(-1))]!.kill();

  const later = await untilAvailable(() => append(log, 'a', 'after', { key: 'k' }));
  assert.equal(later.position.epoch, positions[0]!.epoch);
  const page = await untilAvailable(() => log.read(['a'], FROM_START, PLENTY));
  assert.deepEqual(dataOf(page), [...before, 'after']);
  const retry = await untilAvailable(() => append(log, 'a', 'after', { key: 'k' }));
  assert.deepEqual([retry.duplicate, placeOf(retry.position)], [true, placeOf(later.position)]);
  assert.deepEqual(await untilAvailable(() => log.roster!.renew([stay], 60_000)), []);
  assert.deepEqual(await untilAvailable(() => membersOf(log.roster!, 'a')), [stay.member]);
  // What is stored while the feed finds out what died with the leader is an interruption, not told of.
  const isTold = () =>
    listener.heard.some(({ payload }) => payload.kind === 'text' && payload.text === 'end');
  while (!isTold()) {
    await untilAvailable(() => append(log, 'a', 'end'));
    await delay(100);
  }
  assert.deepEqual(
    listener.heard.map(({ sequence }) => sequence),
    [...new Set(listener.heard.map(({ sequence }) => sequence))].sort((a, b) => a - b),
  );
});
