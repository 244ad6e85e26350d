import { createServer } from 'node:http';
import sockjs from 'sockjs';
import { drive } from './publisher.mjs';

const clients = new Set();
const echo = sockjs.createServer({ log: () => {} });
echo.on('connection', (client) => {
  clients.add(client);
  client.write('hello');
});
const http = createServer();
echo.installHandlers(http, { prefix: '/scores' });
http.listen(0, '127.0.0.1', () =>
  drive(http.address().port, (data) => {
    for (const client of clients) client.write(data);
  }),
);
