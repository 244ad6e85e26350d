import assert from 'node:assert/strict';
import { once } from 'node:events';
import { get } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { test } from 'node:test';
import { chunk } from './chunked.ts';

test('a chunk is its length in hexadecimal, its bytes, and a line end after each', () => {
  assert.equal(chunk([Buffer.from('Hello'), Buffer.from(', world')]).toString(), 'c\r\nHello, world\r\n');
  assert.equal(chunk([Buffer.from('é')]).toString(), '2\r\né\r\n', 'bytes, not characters');
});

test('an HTTP client reads chunks of any size', async (t) => {
  const bodies = [1, 15, 16, 255, 256, 70_000].map((length) => Buffer.alloc(length, `${length}`));
  const server = createServer((socket) => {
    socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n');
    for (const body of bodies) socket.write(chunk([body.subarray(0, 7), body.subarray(7)]));
    socket.end('0\r\n\r\n');
  }).listen(0, '127.0.0.1');
  t.after(() => server.close());
  await once(server, 'listening');
  const [response] = await once(get({ port: (server.address() as AddressInfo).port }), 'response');
  const parts: Buffer[] = [];
  for await (const part of response) parts.push(part);
  assert.ok(Buffer.concat(parts).equals(Buffer.concat(bodies)));
});
