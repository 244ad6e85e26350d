import assert from 'node:assert/strict';
import { test } from 'node:test';
import { receive, startClient } from '../faults/subscriber.ts';
import { startHub } from '../support/hub.ts';

test('buffers and views are published as bytes, and only as the part they show', async (t) => {
  const { url } = await startHub(t);
  const client = startClient(t, url);
  const received = receive(client, 'files');
  await received.ready;
  const { buffer } = Uint8Array.of(0, 1, 2, 3, 4, 5);
  for (const data of [buffer, new DataView(buffer, 1, 2), new Uint16Array(buffer, 2, 1), Buffer.from('hi')]) {
    await client.publish('files', data);
  }
  await received.until(4);
  assert.deepEqual(received.data, [
    Uint8Array.of(0, 1, 2, 3, 4, 5),
    Uint8Array.of(1, 2),
    Uint8Array.of(2, 3),
    Uint8Array.from(Buffer.from('hi')),
  ]);
});

test('what JSON would leave out or change is refused, by name and place, by the client and by the hub', async (t) => {
  const { hub, url } = await startHub(t, { requests: { echo: (data) => data } });
  const client = startClient(t, url);
  for (const [data, told] of [
    [new Map([[1, 2]]), /Map at “/],
    [{ list: [new Set()] }, /Set at “0”/],
    [{ error: new Error('no') }, /Error at “error”/],
    [{ at: Number.NaN }, /NaN at “at”/],
    [[1, Number.POSITIVE_INFINITY], /Infinity at “1”/],
    [[1, undefined], /Undefined at “1”/],
    [{ big: 1n }, /BigInt at “big”/],
    [{ call: () => {} }, /Function at “call”/],
    [{ file: new Blob(['x']) }, /Blob at “file”/],
    [{ bytes: Uint8Array.of(1) }, /Uint8Array at “bytes”/],
    [{ when: Promise.resolve() }, /Promise at “when”/],
    [{ buffer: Buffer.from('hi') }, /Uint8Array at “buffer”/],
    [{ when: new Date(Number.NaN) }, /Date at “when”/],
  ] as const) {
    const refusal = { code: 'invalid_json', message: told };
    await assert.rejects(client.publish('a', data), refusal);
    await assert.rejects(client.request('echo', data), refusal);
    assert.throws(() => client.subscribe('a', { presence: { data } }), { code: 'invalid_json' });
    await assert.rejects(hub.publish('a', data), { code: 'invalid_json' });
  }
  class Point {
    x = 1;
  }
  const fine = {
    date: new Date(0),
    left: undefined,
    url: new URL('http://a/'),
    point: new Point(),
    no: null,
  };
  assert.deepEqual(await client.request('echo', fine), {
    date: '1970-01-01T00:00:00.000Z',
    url: 'http://a/',
    point: { x: 1 },
    no: null,
  });
});

for (const transport of ['websocket', 'sse'] as const) {
  test(`${transport}: what is far too large for the hub is refused alone, and what went with it is published once`, async (t) => {
    const { url } = await startHub(t, { limits: { messageBytes: 1000, bodyBytes: 4000 } });
    const client = startClient(t, url, { transports: [transport] });
    const received = receive(client, 'scores');
    await received.ready;
    const large = 'x'.repeat(3_000_000);
    const published = [
      client.publish('scores', 1),
      client.publish('scores', large),
      client.publish('scores', 2),
    ];
    const codes = await Promise.all(
      published.map((each) =>
        each.then(
          () => 'ok',
          ({ code }) => code,
        ),
      ),
    );
    assert.deepEqual([codes[0], codes[2]], ['ok', 'ok']);
    assert.match(codes[1], /_too_large$/);
    await received.until(2);
    assert.deepEqual(received.data, [1, 2]);
  });
}
