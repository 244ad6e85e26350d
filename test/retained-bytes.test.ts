import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { send } from './support/http.ts';
import { startHub } from './support/hub.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

const PUBLISHES = 16;
const FILLER = 2 * 1024 * 1024;

function bytesInUse(): number {
  collect();
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** What a hub holds more after a client has published so many bodies of 2 MiB, of which little is to be kept. */
const BODIES: Record<string, { contentType: string; body: string }> = {
  'white space around a message': {
    contentType: 'application/json',
    body: `"a short message, kept"${' '.repeat(FILLER)}`,
  },
  'the other lines of its batch': {
    contentType: 'application/x-ndjson',
    body: `${`"${'x'.repeat(FILLER / 4)}"\n`.repeat(4)}"a short message, kept"\n`,
  },
};

for (const [what, { contentType, body }] of Object.entries(BODIES)) {
  test(`${what} is not kept with it`, async (t) => {
    const { url } = await startHub(t, {
      channels: { '*': { retain: { count: 1 } } },
      limits: { publishBytesPerSecond: 1e9 },
    });
    const publish = (channel: string) =>
      send(`${url}/channels/${channel}`, { method: 'POST', headers: { 'content-type': contentType }, body });
    await publish('first');
    const before = bytesInUse();
    for (let index = 0; index < PUBLISHES; index++) {
      assert.equal((await publish(`channel-${index}`)).status, 201);
    }
    const grown = bytesInUse() - before;
    assert.ok(grown < (PUBLISHES * FILLER) / 2, `${grown} bytes more are in use`);
  });
}

test('a body that comes byte by byte takes no more than one that comes at once', async (t) => {
  const { hub, port } = await startHub(t);
  const socket = connect(port, '127.0.0.1');
  t.after(() => socket.destroy());
  const head = 'POST /channels/a HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: text/plain\r\n';
  socket.write(`${head}Transfer-Encoding: chunked\r\n\r\n`);
  const before = bytesInUse();
  let growth = 0;
  for (let block = 0; block < 50; block++) {
    await new Promise((resolve) => socket.write('1\r\nx\r\n'.repeat(10_000), resolve));
    growth = Math.max(growth, bytesInUse() - before);
  }
  socket.end('0\r\n\r\n');
  assert.match(String((await once(socket, 'data'))[0]), /^HTTP\/1\.1 201 /);
  assert.ok(growth < 20_000_000, `${growth} bytes more were in use for half a megabyte`);
  assert.equal((await hub.subscribe<string>('a', { after: 'start' }).next()).value?.data.length, 500_000);
});
