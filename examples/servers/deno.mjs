// A hub beside the routes of Deno's own server.
import process from 'node:process';
import { createHub } from 'fanwire';

let greeted = 0;
const hub = createHub();
async function application(request) {
  if (new URL(request.url).pathname !== '/hello') return new Response(null, { status: 404 });
  await hub.publish('greetings', { greeted: ++greeted });
  return new Response(`Hello, visitor ${greeted}`);
}

const options = {
  port: Number(process.env.PORT ?? 3000),
  hostname: '127.0.0.1',
  onListen: ({ port }) => console.log(`http://127.0.0.1:${port}`),
};
const server = Deno.serve(options, (request, { remoteAddr }) =>
  hub.fetch(request, { address: remoteAddr.hostname, next: () => application(request) }),
);

process.once('SIGTERM', async () => {
  await hub.close();
  await server.shutdown();
});
