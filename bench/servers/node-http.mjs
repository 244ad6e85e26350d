// The floor of what a request costs: bare node:http. POST reads the body and answers like a publish; GET parks until a publish,
// but of /healthz, which is answered at once.
import { createServer } from 'node:http';
import { drive } from './publisher.mjs';

let number = 0;
let parked = [];
const server = createServer((request, response) => {
  if (request.url === '/healthz') {
    response.end('{}');
    return;
  }
  if (request.method === 'GET') {
    parked.push(response);
    return;
  }
  const parts = [];
  request.on('data', (part) => parts.push(part));
  request.on('end', () => {
    JSON.parse(Buffer.concat(parts).toString());
    const body = `{"id":"k3f9k3f9.${++number}"}`;
    response.writeHead(201, { 'Content-Type': 'application/json', 'Content-Length': body.length });
    response.end(body);
  });
});
server.listen(0, '127.0.0.1', () =>
  drive(server.address().port, (data) => {
    const answered = parked;
    parked = [];
    const body = Buffer.from(
      `{"messages":[{"id":"k3f9k3f9.${++number}","channel":"scores","time":${Date.now()},"data":"${data}"}],"position":"k3f9k3f9.${number}","gaps":[],"more":false}`,
    );
    for (const response of answered) {
      response.writeHead(200, {
        'Content-Type': 'application/json',
        'Content-Length': body.length,
        'Cache-Control': 'no-store',
      });
      response.end(body);
    }
  }),
);
