/*
 * Many clients of many channels: two thirds event streams, one third WebSockets that answer pings, each reading one channel.
 *
 *   node rooms.mjs PORT CLIENTS CHANNELS
 *
 * It prints {"open"} once each has had its answer and every channel a message. The line `publish RATE` has it publish so many
 * messages a second from then on, to the channels in turn; it answers with {"rate"}.
 */
import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';

const [port, clients, channels] = process.argv.slice(2).map(Number);
/** So many connect at once: a hub that is flooded with handshakes would put the rest off. */
const AT_ONCE = 100;
const TICK_MS = 100;
const PING = Buffer.of(0x89, 0);
/** Masked with zeros, as RFC 6455 section 5.3 asks for a mask and not for its value. */
const PONG = Buffer.of(0x8a, 0x80, 0, 0, 0, 0);
const agent = new Agent({ keepAlive: true, maxSockets: 8 });

const nameOf = (index) => `room-${index % channels}`;
const body = JSON.stringify({ text: 'x'.repeat(100) });
let published = 0;

await inTurns(clients, open);
await inTurns(channels, publish);
console.log(JSON.stringify({ open: clients }));

for await (const line of createInterface({ input: process.stdin })) {
  const rate = Number(line.split(' ')[1]);
  setInterval(() => {
    for (let nth = 0; nth < (rate * TICK_MS) / 1000; nth++) void publish(published++);
  }, TICK_MS);
  console.log(JSON.stringify({ rate }));
}
process.exit();

async function inTurns(count, work) {
  for (let first = 0; first < count; first += AT_ONCE) {
    const some = Array.from({ length: Math.min(AT_ONCE, count - first) }, (_, nth) => work(first + nth));
    await Promise.all(some);
  }
}

function open(index) {
  const head = [`GET /channels/${nameOf(index)} HTTP/1.1`, `Host: 127.0.0.1:${port}`];
  const how =
    index % 3 === 0
      ? [
          'Upgrade: websocket',
          'Connection: Upgrade',
          'Sec-WebSocket-Version: 13',
          'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
        ]
      : ['Accept: text/event-stream'];
  const socket = connect(port, '127.0.0.1');
  socket.write([...head, ...how, '', ''].join('\r\n'));
  return new Promise((resolve, reject) => {
    socket.on('error', reject).on('close', () => {
      throw new Error(`the hub has ended client ${index}`);
    });
    socket.on('data', (bytes) => {
      resolve();
      if (bytes.includes(PING)) socket.write(PONG);
    });
  });
}

function publish(index) {
  return new Promise((resolve, reject) => {
    const options = { port, host: '127.0.0.1', agent, method: 'POST', path: `/channels/${nameOf(index)}` };
    request({ ...options, headers: { 'content-type': 'application/json' } }, (answer) => {
      if (answer.statusCode !== 201) reject(new Error(`a publish was answered with ${answer.statusCode}`));
      answer.resume().on('end', resolve);
    })
      .on('error', reject)
      .end(body);
  });
}
