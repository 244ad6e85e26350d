// With "heartbeats" it pings every client every 25 s, and ends those that did not answer, as its README does.
import { WebSocketServer } from 'ws';
import { drive } from './publisher.mjs';

const HEARTBEAT_MS = 25_000;
/** By channel, which a client's path names. */
const rooms = new Map();
const [mode] = process.argv.slice(2);
const server = new WebSocketServer({
  port: 0,
  host: '127.0.0.1',
  // Compressing for each client with a window of its own is what most would switch on.
  perMessageDeflate: mode === 'deflate',
});
server.on('listening', () =>
  drive(server.address().port, (data, channel) => {
    for (const client of channel ? rooms.get(channel) : server.clients) client.send(data);
  }),
);
server.on('connection', (client, { url }) => {
  const room = url.slice(1);
  if (!rooms.get(room)?.add(client)) rooms.set(room, new Set([client]));
  client.send('hello');
});

if (mode === 'heartbeats') {
  server.on('connection', (client) => {
    client.isAlive = true;
    client.on('pong', () => {
      client.isAlive = true;
    });
  });
  setInterval(() => {
    for (const client of server.clients) {
      if (!client.isAlive) client.terminate();
      client.isAlive = false;
      client.ping();
    }
  }, HEARTBEAT_MS);
}
