import { WebSocketServer } from 'ws';
import { drive } from './publisher.mjs';

const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false });
server.on('listening', () =>
  drive(server.address().port, (data) => {
    for (const client of server.clients) client.send(data);
  }),
);
server.on('connection', (client) => client.send('hello'));
