import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEFAULT_LIMITS } from '../../src/protocol/limits.ts';
import { send } from '../../test/support/http.ts';
import { startHub } from '../../test/support/hub.ts';
import { takeMessages } from '../../test/support/readers/reader.ts';
import { ALL_TRANSPORTS } from './transports.ts';

const LIMIT = DEFAULT_LIMITS.messageBytes;

const KINDS = {
  'application/json': { largest: `"${'x'.repeat(LIMIT - 2)}"`, reads: 'x'.repeat(LIMIT - 2) },
  // Two bytes a character: the limit is one of bytes.
  'text/plain': { largest: 'é'.repeat(LIMIT / 2), reads: 'é'.repeat(LIMIT / 2) },
  'application/octet-stream': { largest: Buffer.alloc(LIMIT, 7), reads: new Uint8Array(LIMIT).fill(7) },
};

for (const { name, open } of ALL_TRANSPORTS) {
  for (const [type, { largest, reads }] of Object.entries(KINDS)) {
    test(`${name}: the largest message allowed as ${type} arrives whole`, async (t) => {
      const { url } = await startHub(t);
      const reader = await open(url, { channels: ['large'], after: 'now' });
      const { status } = await publish(url, type, largest);
      assert.equal(status, 201);
      const [message] = await takeMessages(reader, 1);
      reader.close();
      assert.ok(isDeepEqual(message?.data, reads));
    });
  }
}

for (const [type, { largest }] of Object.entries(KINDS)) {
  test(`one byte more than the limit as ${type} is refused`, async (t) => {
    const { url } = await startHub(t);
    const tooLarge =
      typeof largest === 'string' ? largest.replace(/(.)("?)$/, '$1x$2') : Buffer.alloc(LIMIT + 1);
    const answer = await publish(url, type, tooLarge);
    assert.equal(answer.status, 413);
    assert.equal(answer.json().code, 'message_too_large');
  });
}

function publish(url: string, type: string, body: string | Buffer) {
  return send(`${url}/channels/large`, { method: 'POST', headers: { 'content-type': type }, body });
}

/** A failed comparison of megabytes must not print them. */
function isDeepEqual(one: unknown, other: string | Uint8Array): boolean {
  if (typeof other === 'string') return one === other;
  return one instanceof Uint8Array && Buffer.compare(one, other) === 0;
}
