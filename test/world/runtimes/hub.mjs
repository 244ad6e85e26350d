// A hub on a server of the program's own. Prints the port.
import { createServer } from 'node:http';
import { createHub } from 'fanwire';

const hub = createHub({ retryMs: 50, requests: { add: ({ a, b }) => a + b } });
const server = createServer((_, response) => response.end('hello'));
hub.attach(server);
server.listen(0, '127.0.0.1', () => console.log(JSON.stringify({ port: server.address().port })));
