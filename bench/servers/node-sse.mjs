import { createServer } from 'node:http';
import { drive } from './publisher.mjs';

const clients = new Set();
const server = createServer((_, response) => {
  response.writeHead(200, { 'Content-Type': 'text/event-stream' });
  response.write(':\n\n');
  clients.add(response);
});
server.listen(0, '127.0.0.1', () =>
  drive(server.address().port, (data) => {
    const event = `data: ${data}\n\n`;
    for (const client of clients) client.write(event);
  }),
);
