// Next in a server of one's own: the hub is attached to it, and serves WebSockets too.
import { createServer } from 'node:http';
import next from 'next';
import { hub } from './hub.mjs';

const app = next({ dev: process.env.NODE_ENV === 'development' });
await app.prepare();
const server = createServer(app.getRequestHandler());
hub.attach(server);
server.listen(process.env.PORT ?? 3000, '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${server.address().port}`);
});

process.once('SIGTERM', async () => {
  await hub.close();
  await app.close();
  server.close();
  // A browser connects ahead of need, and `close` waits for its first request. Answers under way get a second.
  setTimeout(() => server.closeAllConnections(), 1000).unref();
});
