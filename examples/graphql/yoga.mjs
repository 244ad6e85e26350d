// node examples/graphql/yoga.mjs
import { createServer } from 'node:http';
import { createHub } from 'fanwire';
import { createYoga } from 'graphql-yoga';
import { schemaOver } from './schema.mjs';

const hub = createHub();
const server = createServer(createYoga({ schema: schemaOver(hub) }));
hub.attach(server);

server.listen(Number(process.env.PORT ?? 3000), '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${server.address().port}/graphql`);
});

process.once('SIGTERM', async () => {
  await hub.close();
  server.close();
  // A browser connects ahead of need, and `close` waits for its first request. Answers under way get a second.
  setTimeout(() => server.closeAllConnections(), 1000).unref();
});
