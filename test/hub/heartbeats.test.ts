import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { openResponse } from '../support/http.ts';
import { startHub } from '../support/hub.ts';
import { OPCODE, openRawWebSocket } from '../support/raw-websocket.ts';
import { connectSdk } from './support/sdk.ts';

const options = { heartbeatMs: 1000 };

/** Reads a streamed body until a pattern stands in what came. */
async function readTo(body: AsyncIterable<Buffer>, pattern: RegExp): Promise<string> {
  let text = '';
  for await (const chunk of body) {
    text += chunk.toString();
    if (pattern.test(text)) return text;
  }
  throw new Error(`ended after ${text}`);
}

// Side by side, as each has seconds to wait.
describe('with a heartbeat a second', { concurrency: true }, () => {
  test('an idle event stream shows signs of life, and they carry the position of what passed elsewhere', async (t) => {
    const { hub, url } = await startHub(t, options);
    const response = await openResponse(`${url}/channels/a`, { headers: { accept: 'text/event-stream' } });
    // Somebody reads another channel: the position moves on though nothing comes on this one.
    const other = hub.subscribe('b');
    await readTo(response, /^id: /m);
    const { id } = await hub.publish('b', 1);
    const second = await openResponse(`${url}/channels/a`, { headers: { accept: 'text/event-stream' } });
    await readTo(second, new RegExp(`id: ${id.replace('.', '\\.')}\\nevent: position\\ndata: {}\\n\\n`));
    second.destroy();
    other.close();
  });

  test('an idle HTTP stream gets blank lines', async (t) => {
    const { url } = await startHub(t, options);
    const response = await openResponse(`${url}/channels/a`, { headers: { accept: 'application/x-ndjson' } });
    assert.equal(await readTo(response, /\n\n$/), '\n\n');
  });

  test('the SDK’s heartbeats tell the position, over a WebSocket and over streams', async (t) => {
    const { hub, url } = await startHub(t, options);
    const sdk = await connectSdk(t, url);
    await sdk.ask({ ref: 1, subscribe: { channel: 'a' } });
    const { id } = await hub.publish('a', 1);
    assert.deepEqual((await sdk.nextOf('heartbeat')).heartbeat, { position: id });

    const frames = [
      { hello: { client: 'client-of-a-test' } },
      { ref: 1, subscribe: { channel: 'a', after: id } },
    ];
    for (const accept of ['text/event-stream', 'application/x-ndjson']) {
      const response = await openResponse(`${url}/connect`, {
        method: 'POST',
        headers: { accept, 'content-type': 'application/json' },
        body: JSON.stringify(frames),
      });
      await readTo(response, new RegExp(`{"heartbeat":{"position":"${id}"}}\\n`));
    }
  });

  test('a WebSocket whose client answers pings stays, and one that does not is given up', async (t) => {
    const { hub, port } = await startHub(t, options);
    const answering = await openRawWebSocket(t, port, '/channels/a');
    const mute = await openRawWebSocket(t, port, '/channels/a');
    const muteEnded = mute.socket.readAll();
    let ended = false;
    void muteEnded.then(() => {
      ended = true;
    });
    let pings = 0;
    for (; !ended; pings++) {
      const { payload } = await answering.readFrameOf(OPCODE.ping);
      answering.write(OPCODE.pong, payload);
    }
    assert.ok(pings >= 3);
    assert.equal(hub.connections().length, 1);
  });
});
