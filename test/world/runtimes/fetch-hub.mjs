// A hub by the runtime's own server, which answers everything else with the hub's stats. Prints the port.
import { createHub } from 'fanwire';

const hub = createHub({
  retryMs: 50,
  limits: { publishBytesPerSecond: 1e9 },
  channels: { large: { retain: { count: 2 } } },
  requests: { add: ({ a, b }) => a + b },
});
const next = () => Response.json(hub.stats());
const options = { port: 0, hostname: '127.0.0.1' };
const say = ({ port }) => console.log(JSON.stringify({ port }));

if ('Bun' in globalThis) {
  const fetch = (request, server) =>
    hub.fetch(request, { address: server.requestIP(request)?.address, next });
  say(globalThis.Bun.serve({ ...options, idleTimeout: 60, fetch }));
} else {
  globalThis.Deno.serve({ ...options, onListen: say }, (request, { remoteAddr }) =>
    hub.fetch(request, { address: remoteAddr.hostname, next }),
  );
}
