import assert from 'node:assert/strict';
import { test } from 'node:test';
import { WebTransport } from '@fanwire/webtransport/client';
import { startHub, webTransportPortOf } from '../support/hub.ts';
import { onEnd } from '../support/on-end.ts';

test('a session that says where it is from is not believed, though the proxy of TCP is', async (t) => {
  const { hub, url } = await startHub(t, { trustProxy: true });
  const port = await webTransportPortOf(url);
  const session = new WebTransport(`https://127.0.0.1:${port}/channels/scores`, {
    rejectUnauthorized: false,
    headers: { 'x-forwarded-for': '192.0.2.1' },
  });
  onEnd(t, () => session.close());
  await session.ready;
  await session.incomingUnidirectionalStreams.getReader().read();
  assert.deepEqual(
    [...hub.connections()].map(({ transport, address }) => [transport, address]),
    [['webtransport', '127.0.0.1']],
  );
});
