// node examples/graphql/apollo-server.mjs
import { createServer } from 'node:http';
import { ApolloServer } from '@apollo/server';
import { expressMiddleware } from '@as-integrations/express5';
import express from 'express';
import { createHub } from 'fanwire';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import { schemaOver } from './schema.mjs';

const hub = createHub();
const schema = schemaOver(hub);
const app = express();
const server = createServer(app);
hub.attach(server);
const webSockets = new WebSocketServer({ server, path: '/graphql' });
const subscriptions = useServer({ schema }, webSockets);
const apollo = new ApolloServer({ schema, stopOnTerminationSignals: false });
await apollo.start();
app.use('/graphql', express.json(), expressMiddleware(apollo));

server.listen(Number(process.env.PORT ?? 3000), '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${server.address().port}/graphql`);
});

process.once('SIGTERM', async () => {
  await apollo.stop();
  await subscriptions.dispose();
  await hub.close();
  server.close();
  // A browser connects ahead of need, and `close` waits for its first request. Answers under way get a second.
  setTimeout(() => server.closeAllConnections(), 1000).unref();
});
