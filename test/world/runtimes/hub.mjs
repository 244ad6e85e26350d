// A hub on a server of the program's own, which answers everything else with the hub's stats. Prints the port.
import { createServer } from 'node:http';
import { createHub } from 'fanwire';

const hub = createHub({
  retryMs: 50,
  limits: { publishBytesPerSecond: 1e9 },
  channels: { large: { retain: { count: 2 } } },
  requests: { add: ({ a, b }) => a + b },
});
const server = createServer((_, response) => response.end(JSON.stringify(hub.stats())));
hub.attach(server);
server.listen(0, '127.0.0.1', () => console.log(JSON.stringify({ port: server.address().port })));
