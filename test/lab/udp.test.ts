import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { webtransport } from '../../src/lab/clients/webtransport.ts';
import { judgedColumn, reportOf } from '../../src/lab/lab.ts';
import { Ledger } from '../../src/lab/ledger.ts';
import { direct } from '../../src/lab/networks/direct.ts';
import { mobileCarrier } from '../../src/lab/networks/mobile-carrier.ts';
import type { Network } from '../../src/lab/networks/network.ts';
import { networkChange } from '../../src/lab/networks/network-change.ts';
import { udpBlocked } from '../../src/lab/networks/udp-blocked.ts';
import { atPace, LIFE } from '../../src/lab/pace.ts';
import type { Cell } from '../../src/lab/readings.ts';
import { Reception } from '../../src/lab/reception.ts';
import { labReport } from '../../src/lab/report.ts';
import { setUp } from '../../src/lab/scene.ts';
import { makeCertificates, type Tls } from '../../src/lab/tls.ts';
import { provideWebTransport } from '../../src/lab/web-transport.ts';
import { onEnd } from '../support/on-end.ts';

await provideWebTransport();
const certificates = makeCertificates();

/** A network with one client of WebTransport behind it. */
async function read(t: TestContext, network: Network, tls: Tls = 'end-to-end', pace = 5) {
  const { nodes, ways, certificateHash, close } = await setUp(network, { pace, tls, certificates }, 1);
  const ending = new AbortController();
  onEnd(t, async () => {
    ending.abort();
    await close();
  });
  const ledger = new Ledger(nodes.at(-1)!.hub, 'lab');
  const reception = new Reception(ledger);
  const [way] = ways;
  const { url } = way!.box;
  webtransport.read({
    url,
    channel: 'lab',
    pace,
    reception,
    certificateHash,
    signal: ending.signal,
  });
  const publish = async () => {
    const number = await ledger.publish();
    await ledger.until(() => reception.arrivedAt.has(number), 20_000);
    assert.ok(reception.arrivedAt.has(number), `message ${number} has come`);
  };
  return { nodes, way: way!, hub: nodes[0]!.hub, ledger, reception, publish };
}

const until = async (holds: () => boolean) => {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 10));
};

test('what networks do to a client of WebTransport', { concurrency: 4 }, async (t) => {
  await Promise.all([
    t.test(
      'udp-blocked: packets of UDP leave the client, and nothing of them arrives at the hub',
      async (t) => {
        const { hub, way, reception, ledger } = await read(t, udpBlocked);
        await ledger.publish();
        // Nobody has answered the first.
        await until(() => way.box.datagrams!.received > 1);
        assert.deepEqual([reception.arrivedAt.size, hub.connections()], [0, []]);
      },
    ),
    t.test('a middlebox that inspects TLS drops UDP, which it can’t decrypt', async (t) => {
      const { way, reception, ledger } = await read(t, direct, 'inspected');
      await ledger.publish();
      await until(() => way.box.datagrams!.received > 1);
      assert.equal(reception.arrivedAt.size, 0);
    }),
    t.test(
      'network-change: a session of WebTransport goes on from another address, without another handshake',
      async (t) => {
        const { nodes, way, hub, reception, publish } = await read(t, networkChange);
        await publish();
        const before = hub.connections().map(({ id }) => id);
        await networkChange.change!([way], nodes);
        await publish();
        assert.deepEqual(
          hub.connections().map(({ id }) => id),
          before,
        );
        assert.deepEqual([reception.said, reception.doubled, reception.passedOver], [[], 0, 0]);
      },
    ),
    t.test('mobile-carrier: QUIC’s own signs of life keep a silent flow from being forgotten', async (t) => {
      const pace = 6;
      const { way, hub, reception, publish } = await read(t, mobileCarrier, 'end-to-end', pace);
      await publish();
      const [before] = hub.connections();
      await new Promise((resolve) => setTimeout(resolve, 1.3 * atPace(LIFE.carrier, pace)));
      await publish();
      assert.deepEqual(
        [way.forgotten, reception.said, hub.connections().map(({ id }) => id)],
        [false, [], [before!.id]],
      );
    }),
  ]);
});

test('where its package is not installed the report says so, and how to get it', () => {
  const cell = { technique: 'sse', works: 'yes', said: [] } as unknown as Cell;
  const column = { network: 'direct', title: '', does: '', changes: '', messages: 0, cells: [cell] };
  const textOf = (tls: Tls) => labReport(reportOf([judgedColumn({ ...column, tls }, 5)], 5));
  assert.match(textOf('end-to-end'), /^webtransport was not tried, .*: npm install @fanwire\/webtransport$/m);
  assert.doesNotMatch(textOf('none'), /was not tried/);
});
