import assert from 'node:assert/strict';
import { test } from 'node:test';
import { send } from '../../test/support/http.ts';
import { startHub } from '../../test/support/hub.ts';
import { takeMessages } from '../../test/support/readers/reader.ts';
import { ALL_TRANSPORTS } from './transports.ts';

const EVERY_BYTE = Uint8Array.from({ length: 256 }, (_, index) => index);
/** Where the length field of a WebSocket frame and the padding of base64 change shape. */
const SIZES = [0, 1, 2, 3, 100, 125, 126, 65_000, 65_535, 65_536];

for (const { name, open } of ALL_TRANSPORTS) {
  test(`${name}: bytes published by a program or by POST arrive as bytes`, async (t) => {
    const { hub, url } = await startHub(t);
    const reader = await open(url, { channels: ['bytes'], after: 'now' });
    await hub.publish('bytes', EVERY_BYTE, { type: 'picture' });
    await send(`${url}/channels/bytes`, {
      method: 'POST',
      headers: { 'content-type': 'application/octet-stream' },
      body: EVERY_BYTE,
    });
    const [first, second] = await takeMessages(reader, 2);
    reader.close();
    assert.equal(first?.type, 'picture');
    assert.deepEqual(first?.data, EVERY_BYTE);
    assert.deepEqual(second?.data, EVERY_BYTE);
  });

  test(`${name}: bytes of every awkward length arrive among messages of JSON`, async (t) => {
    const { hub, url } = await startHub(t);
    const reader = await open(url, { channels: ['bytes', 'other'], after: 'now' });
    for (const size of SIZES) {
      await hub.publish('bytes', new Uint8Array(size).fill(size % 251));
      await hub.publish('other', { size });
    }
    const messages = await takeMessages(reader, SIZES.length * 2);
    reader.close();
    for (const [index, size] of SIZES.entries()) {
      assert.deepEqual(messages[index * 2]?.data, new Uint8Array(size).fill(size % 251));
      assert.deepEqual(messages[index * 2 + 1]?.data, { size });
    }
  });
}
