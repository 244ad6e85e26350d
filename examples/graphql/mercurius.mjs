// node examples/graphql/mercurius.mjs
import { createHub } from 'fanwire';
import Fastify from 'fastify';
import mercurius from 'mercurius';
import { schemaOver } from './schema.mjs';

const hub = createHub();
const app = Fastify();
hub.attach(app.server);
app.register(mercurius, { schema: schemaOver(hub), subscription: true });

await app.listen({ port: Number(process.env.PORT ?? 3000), host: '127.0.0.1' });
console.log(`http://127.0.0.1:${app.server.address().port}/graphql`);

process.once('SIGTERM', async () => {
  await hub.close();
  // A browser connects ahead of need, and `close` waits for its first request. Answers under way get a second.
  setTimeout(() => app.server.closeAllConnections(), 1000).unref();
  await app.close();
});
