import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { pass } from '../../src/lab/middlebox/treatments.ts';
import { receive, startClient } from '../../test/faults/subscriber.ts';
import { startProxy } from '../../test/support/proxy/proxy.ts';
import { startTcpProxy } from '../../test/support/tcp-proxy.ts';
import { TRANSPORTS } from '../transports/transports.ts';
import { ENGINES } from './engines.ts';
import { assertComplete, OUTAGE_MS, publish, type RunningNode, readThrough, startNodes } from './support.ts';

const LAST = 120;

/**
 * Publishes through three nodes, and reads on each of them over every transport and with the SDK, while
 * `disturb` is called before each publish. Whoever can't use its node goes to the next one.
 */
async function publishAndRead(
  t: TestContext,
  nodes: readonly RunningNode[],
  channel: string,
  disturb: (value: number, onRefusal: { count: number }) => Promise<void> | void,
): Promise<{ refusals: number }> {
  const first = await publish(nodes, channel, 0);
  const refusals = { count: 0 };
  const reading = nodes.flatMap((_, index) =>
    TRANSPORTS.map(async ({ name, open }) => {
      let turn = index;
      const urlOf = () => nodes[turn++ % nodes.length]!.url;
      const items = await readThrough(open, urlOf, channel, first, LAST);
      return { items, whose: `${name}, at first on node ${index}` };
    }),
  );
  const sdk = await Promise.all(
    nodes.map(async (_, index) => {
      const balancer = await startProxy(t, nodes[index]!.port);
      let turn = index;
      balancer.use((exchange) => {
        balancer.target = nodes[turn++ % nodes.length]!.port;
        pass(exchange);
      });
      const client = startClient(t, balancer.url);
      return receive(client, channel, { after: first });
    }),
  );

  for (let value = 1; value <= LAST; value++) {
    await disturb(value, refusals);
    await publish(nodes, channel, value, () => {
      refusals.count += 1;
    });
  }

  for (const { items, whose } of await Promise.all(reading)) {
    const message = { id: first, channel, data: 0 };
    assertComplete([{ kind: 'message', message }, ...items], LAST, whose);
  }
  for (const received of sdk) {
    await received.until(LAST);
    assert.deepEqual(
      received.data,
      Array.from({ length: LAST }, (_, index) => index + 1),
    );
    assert.deepEqual(received.gaps, []);
  }
  return { refusals: refusals.count };
}

for (const engine of ENGINES) {
  test(`${engine.name}: nobody misses a message, whatever goes`, async (t) => {
    const running = await engine.start(t);
    const { port } = running;
    const cables = [await startTcpProxy(t, port), await startTcpProxy(t, port)] as const;
    const nodes = await startNodes(t, engine, [cables[0].port, cables[1].port, port], OUTAGE_MS);

    await t.test('the engine is killed and started again, twice', async (t) => {
      const { refusals } = await publishAndRead(t, nodes, 'killed', async (value) => {
        if (value !== 40 && value !== 80) return;
        await running.kill();
        void running.start();
      });
      assert.ok(refusals > 0);
    });

    await t.test('the engine is stopped for some seconds', async (t) => {
      let frozen = false;
      const { refusals } = await publishAndRead(t, nodes, 'stopped', (value, refused) => {
        if (value !== 60 || frozen) return;
        frozen = true;
        running.freeze();
        const before = refused.count;
        // Every node has refused more than once by then.
        const look = setInterval(() => {
          if (refused.count < before + 7) return;
          clearInterval(look);
          running.thaw();
        }, 50);
      });
      assert.ok(refusals >= 7);
    });

    await t.test('two nodes are cut off from the engine, one after the other', async (t) => {
      const { refusals } = await publishAndRead(t, nodes, 'cut', (value) => {
        if (value === 30) cables[0].partition();
        if (value === 60) {
          cables[0].heal();
          cables[1].partition();
        }
        if (value === 90) cables[1].heal();
      });
      assert.ok(refusals > 0);
    });

    await t.test('two nodes are killed, one after the other', async (t) => {
      const { refusals } = await publishAndRead(t, nodes, 'two', async (value) => {
        if (value === 40) await nodes[0]!.kill();
        if (value === 80) await nodes[1]!.kill();
      });
      assert.ok(refusals > 0);
    });
  });
}
