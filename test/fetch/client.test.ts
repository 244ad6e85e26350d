import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connect } from '../../src/client/index.ts';
import { REQUEST_TRANSPORTS } from '../../src/transports/transports.ts';
import { fetchUrlOf, startHub } from '../support/hub.ts';
import { onEnd } from '../support/on-end.ts';

for (const transports of [...REQUEST_TRANSPORTS.map(({ name }) => [name]), undefined]) {
  const by = transports ? `over ${transports}` : 'over whichever it chooses';
  test(`the client reads, publishes, asks and is present ${by} by hub.fetch`, async (t) => {
    const { hub, url } = await startHub(t, {
      requests: { double: (data) => 2 * (data as number) },
    });
    const fanwire = connect(await fetchUrlOf(url), {
      pollIntervalMs: 20,
      ...(transports && { transports }),
    });
    onEnd(t, () => fanwire.close());
    const room = fanwire.subscribe('room', { presence: { name: 'ann' } });
    const messages = room[Symbol.asyncIterator]();
    await room.ready;
    const said = await fanwire.publish('room', 'by the client');
    const heard = await hub.publish('room', 'by the server');
    assert.equal((await messages.next()).value?.id, said.id);
    assert.equal((await messages.next()).value?.id, heard.id);
    assert.equal(await fanwire.request('double', 21), 42);
    const members = await fanwire.presence('room');
    assert.deepEqual(
      members.map(({ data }) => data),
      [{ name: 'ann' }],
    );
  });
}
