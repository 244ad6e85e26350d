import assert from 'node:assert/strict';
import { test } from 'node:test';
import { takeMessages } from '../../test/support/readers/reader.ts';
import { TRANSPORTS } from '../transports/transports.ts';
import { ENGINES } from './engines.ts';
import { publish, startNodes } from './support.ts';

for (const engine of ENGINES) {
  test(`${engine.name}: what is published on one node is read on another`, async (t) => {
    const { port } = await engine.start(t);
    const nodes = await startNodes(t, engine, [port, port, port]);

    await t.test('in one order', async () => {
      const start = await publish(nodes, 'scores', 0);
      const readers = await Promise.all(
        nodes.flatMap(({ url }) =>
          TRANSPORTS.map(({ open }) => open(url, { channels: ['scores'], after: start })),
        ),
      );
      const values = Array.from({ length: 60 }, (_, index) => index + 1);
      // All at once through all nodes: whatever order that makes, it is the same for everybody.
      const ids = await Promise.all(values.map((value) => publish(nodes, 'scores', value)));
      const told = await Promise.all(readers.map((reader) => takeMessages(reader, values.length)));
      const order = ids.sort((one, other) => sequenceOf(one) - sequenceOf(other));
      for (const messages of told) {
        assert.deepEqual(
          messages.map(({ id }) => id),
          order,
        );
      }
      for (const reader of readers) reader.close();
    });

    for (const { name, open } of TRANSPORTS) {
      await t.test(`over ${name} by a client that goes from node to node and misses nothing`, async () => {
        let position = await publish(nodes, name, 0);
        const publishing = (async () => {
          for (let value = 1; value <= 90; value++) await publish(nodes, name, value);
        })();
        const values: unknown[] = [];
        for (let turn = 0; values.length < 90; turn++) {
          const reader = await open(nodes[turn % 3]!.url, { channels: [name], after: position });
          const messages = await takeMessages(reader, 10);
          values.push(...messages.map(({ data }) => data));
          position = reader.position;
          reader.close();
        }
        await publishing;
        assert.deepEqual(
          values.slice(0, 90),
          Array.from({ length: 90 }, (_, index) => index + 1),
        );
      });
    }
  });
}

function sequenceOf(id: string): number {
  return Number(id.split('.')[1]);
}
