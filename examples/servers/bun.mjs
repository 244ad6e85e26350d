// A hub beside the routes of Bun's own server.
import { createHub } from 'fanwire';

let greeted = 0;
const hub = createHub();
const server = Bun.serve({
  port: process.env.PORT ?? 3000,
  hostname: '127.0.0.1',
  // Bun ends a connection after ten silent seconds; the hub says something every 25.
  idleTimeout: 60,
  routes: {
    async '/hello'() {
      await hub.publish('greetings', { greeted: ++greeted });
      return new Response(`Hello, visitor ${greeted}`);
    },
  },
  fetch: (request, server) => hub.fetch(request, { address: server.requestIP(request)?.address }),
});
console.log(server.url.origin);

process.once('SIGTERM', async () => {
  await hub.close();
  await server.stop();
});
