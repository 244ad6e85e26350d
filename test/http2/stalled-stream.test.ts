import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openSession, openStreamWebSocket, requestOn } from '../support/http2.ts';
import { startHub } from '../support/hub.ts';
import { OPCODE } from '../support/raw-websocket.ts';

/** 32 MB: a window and every buffer are a small part of it. */
const MESSAGES = 500;
const PAYLOAD = 'x'.repeat(64 * 1024);

for (const transport of ['event stream', 'WebSocket'] as const) {
  test(`an ${transport} that does not read holds up none beside it on the connection, and nothing is kept for it`, async (t) => {
    const { hub, url } = await startHub(t, { channels: { feed: { retain: { count: 10 } } } });
    const session = openSession(t, url);
    const headers = { accept: 'text/event-stream' };
    const stalled =
      transport === 'WebSocket'
        ? (await openStreamWebSocket(`${url}/channels/feed`, {}, session)).response
        : await requestOn(session, '/channels/feed', { headers });
    stalled.pause();
    const beside = await openStreamWebSocket(`${url}/channels/feed`, {}, session);
    await beside.webSocket.readFrameOf(OPCODE.text);
    for (let index = 0; index < MESSAGES; index++) {
      const { id } = await hub.publish('feed', PAYLOAD);
      const { payload } = await beside.webSocket.readFrameOf(OPCODE.text);
      assert.ok(payload.includes(id));
    }
    // Requests as well.
    assert.equal((await requestOn(session, '/channels/feed?limit=1')).statusCode, 200);
    const lagging = hub.connections().filter((connection) => connection.lagging);
    assert.equal(lagging.length, 1);
    // What it has been sent is what its window took, and what stood before that when it was full.
    const sent = stalled.readableLength;
    assert.ok(sent < 2 * 65_536, `${sent} bytes`);
    stalled.close();
  });
}
