import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { connect, createServer as createTcpServer, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { createHub, type HubOptions } from '../src/index.ts';
import { loadNativeWriter } from '../src/native/native-writer.ts';
import { descriptorOf } from '../src/transports/descriptor.ts';
import { onEnd } from './support/on-end.ts';
import { openHttpStreaming } from './support/readers/http-streaming.ts';
import { takeMessages } from './support/readers/reader.ts';
import { openSse } from './support/readers/sse.ts';
import { openWebSocket } from './support/readers/websocket.ts';

const BUILT_FOR = ['linux-x64', 'linux-arm64'];
const WIRES = [
  { name: 'WebSocket', open: openWebSocket, leastBytes: 40 },
  {
    name: 'WebSocket in a shared window',
    open: openWebSocket,
    leastBytes: 15,
    compression: { sharedWindow: true },
  },
  { name: 'SSE', open: openSse, leastBytes: 40 },
  { name: 'HTTP streaming', open: openHttpStreaming, leastBytes: 40 },
];
const MESSAGES = 50;
/** More than a socket takes at once. */
const LARGE = 'x'.repeat(900_000);

test('the builds are what the source made, and the one for this machine is loaded', () => {
  const lines = readFileSync('src/native/builds.sha256', 'utf8').trim().split('\n');
  assert.deepEqual(
    lines.map((line) => line.split('  ')[1]),
    ['writer.c', ...BUILT_FOR.map((name) => `${name}.node`)],
  );
  for (const line of lines) {
    const [hash, file] = line.split('  ');
    const bytes = readFileSync(`src/native/${file}`);
    assert.equal(
      createHash('sha256').update(bytes).digest('hex'),
      hash,
      'build it: node src/native/build.mjs',
    );
  }
  const built = BUILT_FOR.includes(`${process.platform}-${process.arch}`);
  assert.equal(loadNativeWriter() !== undefined, built);
});

for (const { name, open, leastBytes, compression = false } of WIRES) {
  test(`${name}: with native code and without, each reader gets the same, also what its socket can't take at once`, async (t) => {
    for (const nativeWriter of [true, false]) {
      const { hub, url, sockets } = await startHub(t, { nativeWriter, compression });
      const readers = await Promise.all([0, 1, 2].map(() => open(url, { channels: ['c'], after: 'now' })));
      const publish = async (count: number, data: (value: number) => unknown) => {
        for (let value = 0; value < count; value++) await hub.publish('c', data(value));
      };
      await publish(1, () => 'first');
      for (const reader of readers) await takeMessages(reader, 1);
      const before = sockets.map(({ bytesWritten }) => bytesWritten);
      await publish(MESSAGES, (value) => value);
      for (const reader of readers) {
        const data = (await takeMessages(reader, MESSAGES)).map((message) => message.data);
        assert.deepEqual(
          data,
          Array.from({ length: MESSAGES }, (_, value) => value),
        );
      }
      // Nothing, where messages went past the streams.
      const carried = sockets.map(({ bytesWritten }, index) => bytesWritten - before[index]!);
      const past = nativeWriter && loadNativeWriter() !== undefined;
      assert.ok(
        carried.every((bytes) => (bytes === 0) === past),
        `${carried} bytes`,
      );
      const [counted] = await hub.connections();
      assert.ok(counted!.bytes! > leastBytes * MESSAGES, `${counted!.bytes} bytes are counted`);

      for (const reader of readers) reader.pause();
      await publish(10, (value) => LARGE + value);
      for (const reader of readers) reader.resume();
      for (const reader of readers) {
        const data = (await takeMessages(reader, 10)).map((message) => message.data);
        assert.deepEqual(
          data,
          Array.from({ length: 10 }, (_, value) => LARGE + value),
        );
        reader.close();
      }
    }
  });
}

test('a socket has a descriptor only while nothing would be overtaken, overheard or missed', async (t) => {
  const server = createTcpServer().listen(0, '127.0.0.1');
  onEnd(t, () => server.close());
  await once(server, 'listening');
  const other = connect((server.address() as { port: number }).port, '127.0.0.1');
  onEnd(t, () => other.destroy());
  const [socket] = (await once(server, 'connection')) as [Socket];
  assert.ok(descriptorOf(socket) > 0);

  const { _write } = socket;
  socket._write = (...args) => _write.apply(socket, args);
  assert.equal(descriptorOf(socket), -1, 'somebody listens in');
  delete (socket as Partial<Socket>)._write;
  assert.ok(descriptorOf(socket) > 0);

  socket.setTimeout(60_000);
  assert.equal(descriptorOf(socket), -1, 'a time limit is kept by what the stream writes');
  socket.setTimeout(0);
  assert.ok(descriptorOf(socket) > 0);

  while (socket.write(LARGE));
  assert.equal(descriptorOf(socket), -1, 'something would be overtaken');
  other.resume();
  await once(socket, 'drain');
  assert.ok(descriptorOf(socket) > 0);

  socket.destroy();
  assert.equal(descriptorOf(socket), -1, 'the number may be another file');
});

async function startHub(t: TestContext, options: HubOptions) {
  const hub = createHub(options);
  const sockets: Socket[] = [];
  const server = createServer().on('connection', (socket) => sockets.push(socket));
  hub.attach(server);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onEnd(t, async () => {
    await hub.close({ drainMs: 0 });
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as { port: number };
  return { hub, sockets, url: `http://127.0.0.1:${port}` };
}
