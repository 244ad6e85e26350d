// node examples/graphql/graphql-ws.mjs
import { createServer } from 'node:http';
import { createHub } from 'fanwire';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import { schemaOver } from './schema.mjs';

const hub = createHub();
const server = createServer();
hub.attach(server);
const webSockets = new WebSocketServer({ server, path: '/graphql' });
const graphql = useServer({ schema: schemaOver(hub) }, webSockets);

server.listen(Number(process.env.PORT ?? 3000), '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${server.address().port}/graphql`);
});

process.once('SIGTERM', async () => {
  await graphql.dispose();
  await hub.close();
  server.close();
  // A browser connects ahead of need, and `close` waits for its first request. Answers under way get a second.
  setTimeout(() => server.closeAllConnections(), 1000).unref();
});
