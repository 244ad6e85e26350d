// A hub on a server of node:http, beside the server's own routes.
import { createServer } from 'node:http';
import { createHub } from 'fanwire';

let greeted = 0;
const server = createServer(async (request, response) => {
  if (request.url !== '/hello') return response.writeHead(404).end();
  await hub.publish('greetings', { greeted: ++greeted });
  response.end(`Hello, visitor ${greeted}`);
});

const hub = createHub();
hub.attach(server);

server.listen(process.env.PORT ?? 3000, '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${server.address().port}`);
});

process.once('SIGTERM', async () => {
  await hub.close();
  server.close();
  // A browser connects ahead of need, and `close` waits for its first request. Answers under way get a second.
  setTimeout(() => server.closeAllConnections(), 1000).unref();
});
