// A hub beside the routes of a Hono application on Node.
import { serve } from '@hono/node-server';
import { createHub } from 'fanwire';
import { Hono } from 'hono';

let greeted = 0;
const app = new Hono();
app.get('/hello', async (context) => {
  await hub.publish('greetings', { greeted: ++greeted });
  return context.text(`Hello, visitor ${greeted}`);
});

const options = { fetch: app.fetch, port: Number(process.env.PORT ?? 3000), hostname: '127.0.0.1' };
const server = serve(options, ({ port }) => console.log(`http://127.0.0.1:${port}`));
const hub = createHub();
hub.attach(server);

process.once('SIGTERM', async () => {
  await hub.close();
  server.close();
  // A browser connects ahead of need, and `close` waits for its first request. Answers under way get a second.
  setTimeout(() => server.closeAllConnections(), 1000).unref();
});
