// node examples/graphql/mercurius.mjs
import { createHub } from 'fanwire';
import Fastify from 'fastify';
import mercurius from 'mercurius';
import { schemaOver } from './schema.mjs';

const hub = createHub();
// A browser connects ahead of need, and `close` would wait for its first request.
const app = Fastify({ forceCloseConnections: true });
hub.attach(app.server);
app.register(mercurius, { schema: schemaOver(hub), subscription: true });

await app.listen({ port: Number(process.env.PORT ?? 3000), host: '127.0.0.1' });
console.log(`http://127.0.0.1:${app.server.address().port}/graphql`);

process.once('SIGTERM', async () => {
  await hub.close();
  await app.close();
});
