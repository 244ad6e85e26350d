// A hub beside the routes of a Fastify application.
import { createHub } from 'fanwire';
import fastify from 'fastify';

let greeted = 0;
const app = fastify();
app.get('/hello', async () => {
  await hub.publish('greetings', { greeted: ++greeted });
  return `Hello, visitor ${greeted}`;
});

const hub = createHub();
hub.attach(app.server);

console.log(await app.listen({ port: process.env.PORT ?? 3000, host: '127.0.0.1' }));

process.once('SIGTERM', async () => {
  await hub.close();
  // A browser connects ahead of need, and `close` waits for its first request. Answers under way get a second.
  setTimeout(() => app.server.closeAllConnections(), 1000).unref();
  await app.close();
});
