// Bytes and order, asked of a hub by what speaks to its sockets itself.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { CLAIMS } from '../../dist/field/claims.js';
import { createHub } from '../../dist/index.js';

const CHANNEL = 'numbers';
const NUMBERS = 1000;

export async function readWire() {
  const hub = createHub({ limits: { connectionsPerAddress: 10_000, publishesPerSecond: 100_000 } });
  const server = createServer();
  hub.attach(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  const readings = [
    await readAccept(port, 'ws-accept'),
    await readAccept(port, 'ws-accept-too'),
    await readLengths(hub, port),
    await readOrder(hub, port),
  ];
  server.closeAllConnections();
  server.close();
  await hub.close({ drainMs: 0 });
  return readings;
}

/** The hub's answer to the key that the claim names. */
async function readAccept(port, claim) {
  const [, key] = /key (\S+)/.exec(CLAIMS[claim]);
  const { head, socket } = await upgrade(port, key);
  socket.destroy();
  return {
    claims: [claim],
    at: '/inspector',
    part: 'WebSocket, the answer’s head',
    reading: `The hub answers ${/sec-websocket-accept: (\S+)/i.exec(head)[1]}.`,
  };
}

/** How many bytes stand before payloads on either side of each border. */
async function readLengths(hub, port) {
  const { socket } = await upgrade(port, Buffer.alloc(16).toString('base64'));
  const wanted = [125, 126, 65_535, 65_536];
  const found = new Map();
  let received = Buffer.alloc(0);
  let wake = () => {};
  socket.on('data', (chunk) => {
    received = Buffer.concat([received, chunk]);
    for (let frame = frameOf(received); frame; frame = frameOf(received)) {
      found.set(frame.length, frame.header);
      received = received.subarray(frame.header + frame.length);
    }
    wake();
  });
  // What stands around the data depends on the position's digits: what lacks is filled until the length is the one.
  for (const length of wanted) {
    for (let size = length - 100; !found.has(length); ) {
      const before = new Set(found.keys());
      await hub.publish(CHANNEL, 'x'.repeat(size));
      await new Promise((resolve) => {
        wake = () => [...found.keys()].some((each) => !before.has(each)) && resolve();
        wake();
      });
      const got = [...found.keys()].findLast((each) => !before.has(each));
      size += length - got;
    }
  }
  socket.destroy();
  const told = wanted.map((length) => `${length.toLocaleString('en')} bytes: ${found.get(length)}`);
  return {
    claims: ['ws-lengths', 'ws-framing'],
    at: '/inspector',
    part: 'WebSocket, a frame',
    reading: `Bytes before a payload, from the hub: ${told.join('; ')}. A browser’s mask adds 4.`,
  };
}

function frameOf(bytes) {
  if (bytes.length < 2) return undefined;
  const short = bytes[1] & 0x7f;
  const header = short < 126 ? 2 : short === 126 ? 4 : 10;
  if (bytes.length < header) return undefined;
  const length =
    short < 126 ? short : short === 126 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2));
  return bytes.length < header + length ? undefined : { header, length };
}

async function upgrade(port, key) {
  const socket = connect(port, '127.0.0.1');
  socket.write(
    `GET /channels/${CHANNEL} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
      `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\n\r\n`,
  );
  let received = Buffer.alloc(0);
  for (;;) {
    const [chunk] = await once(socket, 'data');
    received = Buffer.concat([received, chunk]);
    const end = received.indexOf('\r\n\r\n');
    if (end !== -1) {
      socket.unshift(received.subarray(end + 4));
      return { head: received.subarray(0, end).toString(), socket };
    }
  }
}

/** One client, request by request, while numbers are published as fast as they are taken. */
async function readOrder(hub, port) {
  const url = `http://127.0.0.1:${port}/channels/ordered`;
  let { position } = await (await fetch(`${url}?after=now`)).json();
  const got = [];
  let requests = 0;
  const published = (async () => {
    for (let number = 1; number <= NUMBERS; number++) {
      await hub.publish('ordered', number);
      await new Promise(setImmediate);
    }
  })();
  while (got.length < NUMBERS) {
    const { messages, position: next } = await (await fetch(`${url}?wait=30&after=${position}`)).json();
    requests++;
    position = next;
    got.push(...messages.map(({ data }) => data));
  }
  await published;
  const inOrder = got.length === NUMBERS && got.every((number, index) => number === index + 1);
  return {
    claims: ['order-kept'],
    at: 'conformance/transports/',
    part: 'long polling',
    reading: `${NUMBERS.toLocaleString('en')} messages over ${requests} requests came ${inOrder ? 'in order, each once' : 'out of order'}.`,
  };
}
