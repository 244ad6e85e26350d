// A hub beside the routes of a Fastify application.
import { createHub } from 'fanwire';
import fastify from 'fastify';

let greeted = 0;
// A browser connects ahead of need, and `close` would wait for its first request.
const app = fastify({ forceCloseConnections: true });
app.get('/hello', async () => {
  await hub.publish('greetings', { greeted: ++greeted });
  return `Hello, visitor ${greeted}`;
});

const hub = createHub();
hub.attach(app.server);

console.log(await app.listen({ port: process.env.PORT ?? 3000, host: '127.0.0.1' }));

process.once('SIGTERM', async () => {
  await hub.close();
  await app.close();
});
