// Run by Bun: its publish to a topic is written in native code.
import { drive } from './publisher.mjs';

const server = Bun.serve({
  port: 0,
  hostname: '127.0.0.1',
  fetch(request, server) {
    return server.upgrade(request) ? undefined : new Response('', { status: 400 });
  },
  websocket: {
    open(client) {
      client.subscribe('scores');
      client.send('hello');
    },
    message() {},
  },
});
drive(server.port, (data) => server.publish('scores', data));
