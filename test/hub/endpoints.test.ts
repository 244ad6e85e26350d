import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { createServer as createHttp2Server } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { WebSocket, WebSocketServer } from 'ws';
import { createHub, type Endpoint, type HubOptions } from '../../src/index.ts';
import type { EndpointHost, OpenEndpoint } from '../../src/server/endpoint.ts';
import { readAnswer, send } from '../support/http.ts';
import { openHttp2Response } from '../support/http2.ts';
import { startHub } from '../support/hub.ts';
import { onEnd } from '../support/on-end.ts';
import { assertProblem } from '../support/problem.ts';

const SECRET = 'a secret of at least thirty-two bytes';

interface Told {
  host?: EndpointHost;
  closed: boolean;
}

/** Says who asks, over HTTP and over WebSockets. */
function echo(changes: Partial<OpenEndpoint> = {}): { endpoint: Endpoint; told: Told } {
  const told: Told = { closed: false };
  const sockets = new WebSocketServer({ noServer: true });
  const endpoint: Endpoint = {
    name: 'echo',
    open(host) {
      told.host = host;
      return {
        owns: (path) => path === `${host.basePath}/echo`,
        methods: ['GET', 'PUT'],
        cors: { allowed: ['X-Word'], exposed: ['X-Answer'] },
        answer(exchange) {
          const { method, caller } = exchange;
          const text = `${method} by ${caller.access.subject ?? 'nobody'} of ${host.hub.connections.size}`;
          exchange.send(200, { ...exchange.headers, 'Content-Type': 'text/plain' }, text);
        },
        accept({ hub, caller, request, socket, head }) {
          sockets.handleUpgrade(request, socket, head, (webSocket) => {
            const sink = { format: { encode: String, join: String }, writable: true, write() {} };
            const outlet = { sink, beat() {}, close: () => webSocket.close(1012), abort() {} };
            const connection = hub.connect({ transport: 'echo', ...caller }, outlet);
            webSocket.on('close', () => connection.gone());
            webSocket.send(caller.credentials.token ?? 'no token');
          });
        },
        close() {
          told.closed = true;
        },
        ...changes,
      };
    },
  };
  return { endpoint, told };
}

async function startEcho(t: TestContext, options: HubOptions = {}, changes: Partial<OpenEndpoint> = {}) {
  const { endpoint, told } = echo(changes);
  return { ...(await startHub(t, { endpoints: [endpoint], ...options })), told };
}

async function openSocket(t: TestContext, url: string): Promise<{ webSocket: WebSocket; said: string }> {
  const webSocket = new WebSocket(url.replace('http', 'ws'));
  onEnd(t, () => webSocket.terminate());
  const [said] = await once(webSocket, 'message');
  return { webSocket, said: String(said) };
}

test('an endpoint answers at its paths, over HTTP/1.1, HTTP/2 and WebSockets', async (t) => {
  const { url } = await startEcho(t, { basePath: '/realtime' });
  const answer = await send(`${url}/realtime/echo`);
  assert.equal(answer.text, 'GET by nobody of 0');
  const http2 = await openHttp2Response(`${url}/realtime/echo`, { method: 'PUT' });
  assert.equal((await readAnswer(http2 as never)).text, 'PUT by nobody of 0');
  assert.equal((await openSocket(t, `${url}/realtime/echo`)).said, 'no token');
  assertProblem(await send(`${url}/echo`), 404, 'not_found');
});

test('an endpoint is served on a server of the program’s own, attached or as a handler', async (t) => {
  for (const server of [createServer(), createHttp2Server()]) {
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const hub = createHub({ endpoints: [echo().endpoint] });
    onEnd(t, async () => {
      await hub.close({ drainMs: 0 });
      server.close();
    });
    hub.attach(server);
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/echo`;
    const isHttp2 = 'updateSettings' in server;
    const answer = isHttp2 ? readAnswer((await openHttp2Response(url)) as never) : send(url);
    assert.equal((await answer).text, 'GET by nobody of 0');
  }
  const hub = createHub({ endpoints: [echo().endpoint] });
  onEnd(t, () => hub.close({ drainMs: 0 }));
  const server = createServer((request, response) => {
    hub.handler(request, response, () => response.end('theirs'));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onEnd(t, () => server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  assert.equal((await send(`${url}/echo`)).text, 'GET by nobody of 0');
  assert.equal((await send(`${url}/other`)).text, 'theirs');
});

test('host, origin, method and token are asked for before an endpoint hears of a request', async (t) => {
  const asked: string[] = [];
  const { url } = await startEcho(
    t,
    { authorise: { secret: SECRET }, hosts: ['127.0.0.1'] },
    {
      answer(exchange) {
        asked.push(exchange.method);
        exchange.send(200, exchange.headers);
      },
    },
  );
  const ask = (headers: Record<string, string>, method = 'GET') => send(`${url}/echo`, { method, headers });
  assertProblem(await ask({ host: 'evil.example' }), 421, 'host_not_allowed');
  assertProblem(await ask({ origin: 'https://evil.example' }), 403, 'origin_not_allowed');
  assertProblem(await ask({}, 'DELETE'), 405, 'method_not_allowed');
  assertProblem(await ask({ authorization: 'Bearer wrong' }), 401, 'unauthenticated');
  assert.deepEqual(asked, []);
  assert.equal((await ask({})).status, 200);
  assert.deepEqual(asked, ['GET']);
  const socket = new WebSocket(`${url.replace('http', 'ws')}/echo`, { origin: 'https://evil.example' });
  const [{ message }] = await once(socket, 'error');
  assert.match(message, /403/);
});

test('an endpoint refuses in its own words what is refused before it', async (t) => {
  const { url } = await startEcho(
    t,
    { hosts: ['127.0.0.1'] },
    {
      refuse: (reply, error) => reply.send(200, { ...reply.headers, 'X-Code': error.code }, 'no'),
    },
  );
  const answer = await send(`${url}/echo`, { headers: { host: 'evil.example' } });
  assert.deepEqual([answer.status, answer.headers['x-code'], answer.text], [200, 'host_not_allowed', 'no']);
});

test('pages of other origins are told which headers of an endpoint they may send and read', async (t) => {
  const { url } = await startEcho(t, { origins: ['https://app.example'] });
  const headers = { origin: 'https://app.example' };
  const preflight = await send(`${url}/echo`, { method: 'OPTIONS', headers });
  assert.equal(preflight.headers.allow, 'GET, PUT, OPTIONS');
  assert.match(preflight.headers['access-control-allow-headers']!, /Authorization, .*, X-Word$/);
  assert.equal(preflight.headers['access-control-allow-methods'], 'GET, PUT');
  const answer = await send(`${url}/echo`, { headers });
  assert.match(answer.headers['access-control-expose-headers']!, /Retry-After, X-Answer$/);
  const own = await send(`${url}/channels/a`, { headers });
  assert.doesNotMatch(own.headers['access-control-expose-headers']!, /X-Answer/);
});

test('sockets of an endpoint count, are listed and are closed with the hub', async (t) => {
  const { endpoint, told } = echo();
  const { hub, url } = await startHub(t, { endpoints: [endpoint], limits: { connectionsPerAddress: 1 } });
  const { webSocket } = await openSocket(t, `${url}/echo`);
  assert.deepEqual(
    hub.connections().map(({ transport }) => transport),
    ['echo'],
  );
  assertProblem(await send(`${url}/echo`), 429, 'too_many_connections');
  assert.equal(told.host!.state(), 'serving');
  const closed = once(webSocket, 'close');
  await hub.close({ drainMs: 0 });
  const [code] = await closed;
  assert.equal(code, 1012);
  assert.deepEqual([told.closed, told.host!.state()], [true, 'closing']);
});

test('an endpoint without sockets refuses their handshakes', async (t) => {
  const { url } = await startHub(t, { endpoints: [withoutSockets(echo().endpoint)] });
  const [{ message }] = await once(new WebSocket(`${url.replace('http', 'ws')}/echo`), 'error');
  assert.match(message, /404/);
});

function withoutSockets(endpoint: Endpoint): Endpoint {
  return {
    name: endpoint.name,
    open(host) {
      const { accept: _, ...open } = endpoint.open(host);
      return open;
    },
  };
}
