import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { Server as SocketIoServer } from 'socket.io';
import { WebSocket, WebSocketServer } from 'ws';
import { createHub, type HubOptions } from '../../src/index.ts';
import { post, send } from '../support/http.ts';
import { assertProblem } from '../support/problem.ts';
import { openRawSocket } from '../support/raw-socket.ts';
import { OPCODE, openRawWebSocket } from '../support/raw-websocket.ts';

async function startServer(t: TestContext, listener?: RequestListener) {
  const server = createServer(listener);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { server, port, url: `http://127.0.0.1:${port}` };
}

function attachHub(t: TestContext, server: Server, basePath = '/', options: HubOptions = {}) {
  const hub = createHub({ basePath, ...options });
  t.after(() => hub.close({ drainMs: 0 }));
  return { hub, detach: hub.attach(server) };
}

async function firstMessage(t: TestContext, url: string, protocol?: string): Promise<string> {
  const webSocket = new WebSocket(url, protocol);
  t.after(() => webSocket.terminate());
  const [data] = await once(webSocket, 'message');
  return String(data);
}

const theirs: RequestListener = (request, response) => response.end(`theirs ${request.url}`);

test('the hub’s paths are its own, and every other request is for who was there before', async (t) => {
  const { server, url } = await startServer(t, theirs);
  attachHub(t, server, '/realtime');
  assert.equal((await post(`${url}/realtime`, 'a', 1)).status, 201);
  for (const path of ['/', '/channels/a', '/realtime', '/realtimes/connect']) {
    assert.equal((await send(`${url}${path}`)).text, `theirs ${path}`);
  }
});

test('upgrades of others are theirs, WebSockets or not', async (t) => {
  const { server, port } = await startServer(t, theirs);
  const chat = new WebSocketServer({ noServer: true });
  server.on('upgrade', (request, socket, head) => {
    if (request.headers.upgrade === 'echo') socket.end('HTTP/1.1 101 Switching Protocols\r\n\r\n');
    else chat.handleUpgrade(request, socket, head, (webSocket) => webSocket.send(`theirs ${request.url}`));
  });
  attachHub(t, server);
  const other = await openRawWebSocket(t, port, '/chat');
  assert.equal((await other.readFrame()).payload.toString(), 'theirs /chat');
  const own = await openRawWebSocket(t, port, '/channels/a');
  assert.match((await own.readFrame()).payload.toString(), /^{"heartbeat"/);
  const echo = await openRawWebSocket(t, port, '/channels/a', { headers: { Upgrade: 'echo' } });
  assert.match(echo.head, /^HTTP\/1\.1 101 /);
});

test('where nobody else listens, what is not the hub’s is not found', async (t) => {
  const { server, url, port } = await startServer(t);
  attachHub(t, server);
  assertProblem(await send(`${url}/nowhere`), 404, 'not_found');
  const { head } = await openRawWebSocket(t, port, '/nowhere');
  assert.match(head, /^HTTP\/1\.1 404 /);
});

for (const order of ['before', 'after'] as const) {
  /** The hub is attached before the other library, or after it. */
  const attachTo = (t: TestContext, server: Server, others: () => void) => {
    if (order === 'after') others();
    attachHub(t, server);
    if (order === 'before') others();
  };

  test(`ws on the same server gets its upgrades, and no others, if the hub came ${order} it`, async (t) => {
    const { server, port } = await startServer(t, theirs);
    attachTo(t, server, () => {
      const chat = new WebSocketServer({ server, path: '/chat' });
      t.after(() => chat.close());
      chat.on('connection', (webSocket) => webSocket.send('theirs'));
    });
    assert.equal(await firstMessage(t, `ws://127.0.0.1:${port}/chat`), 'theirs');
    const own = await openRawWebSocket(t, port, '/channels/a');
    assert.match((await own.readFrame()).payload.toString(), /^{"heartbeat"/);
    own.write(OPCODE.text, '1');
    assert.match((await own.readFrame()).payload.toString(), /^{"(ack|id)"/);
  });

  test(`Socket.IO on the same server works over every transport, if the hub came ${order} it`, async (t) => {
    const { server, url, port } = await startServer(t, theirs);
    attachTo(t, server, () => {
      // An upgrade that is not its own would be cut after so long.
      const io = new SocketIoServer(server, { destroyUpgradeTimeout: 1 });
      // Resolves once the hub's WebSockets are gone as well, which may be closed after it.
      t.after(() => void io.close());
    });
    const path = '/socket.io/?EIO=4&transport=';
    assert.match((await send(`${url}${path}polling`)).text, /^0\{"sid"/);
    assert.match(await firstMessage(t, `ws://127.0.0.1:${port}${path}websocket`), /^0\{"sid"/);
    assert.equal((await post(url, 'a', 1)).status, 201);
    assert.equal((await send(`${url}/other`)).text, 'theirs /other');
    const own = await openRawWebSocket(t, port, '/channels/a');
    assert.match((await own.readFrame()).payload.toString(), /^{"heartbeat"/);
  });
}

test('a hub that takes long to answer a handshake keeps it: nobody else has seen it', async (t) => {
  const { server, port } = await startServer(t, theirs);
  const ended = once(server, 'ended');
  const authorise = async () => {
    await ended;
    return { read: ['*'], publish: [] };
  };
  attachHub(t, server, '/', { authorise });
  const seen: unknown[] = [];
  server.on('upgrade', (request) => seen.push(request.url));
  const own = openRawWebSocket(t, port, '/channels/a');
  const chat = new WebSocketServer({ noServer: true });
  server.on('upgrade', (request, socket, head) =>
    chat.handleUpgrade(request, socket, head, (webSocket) => webSocket.send('theirs')),
  );
  assert.equal(await firstMessage(t, `ws://127.0.0.1:${port}/chat`), 'theirs');
  server.emit('ended');
  assert.match((await (await own).readFrame()).payload.toString(), /^{"heartbeat"/);
  assert.deepEqual(seen, ['/chat']);
});

test('a listener as Vite’s, which takes its own subprotocol and leaves the rest alone, may come later', async (t) => {
  const { server, port } = await startServer(t, theirs);
  attachHub(t, server);
  const vite = new WebSocketServer({ noServer: true });
  server.on('upgrade', (request, socket, head) => {
    if (request.headers['sec-websocket-protocol'] !== 'vite-hmr' || request.url !== '/') return;
    vite.handleUpgrade(request, socket, head, (webSocket) => webSocket.send('connected'));
  });
  assert.equal(await firstMessage(t, `ws://127.0.0.1:${port}/`, 'vite-hmr'), 'connected');
  const own = await openRawWebSocket(t, port, '/channels/a');
  assert.match((await own.readFrame()).payload.toString(), /^{"heartbeat"/);
});

test('requests find a listener that came after the hub', async (t) => {
  const { server, url } = await startServer(t);
  attachHub(t, server);
  assertProblem(await send(`${url}/other`), 404, 'not_found');
  server.on('request', theirs);
  assert.equal((await send(`${url}/other`)).text, 'theirs /other');
  assert.equal((await post(url, 'a', 1)).status, 201);
});

test('health and metrics are the program’s at the root, unless it gives them to the hub', async (t) => {
  const health = async (basePath: string, options: HubOptions = {}) => {
    const { server, url } = await startServer(t, theirs);
    attachHub(t, server, basePath, options);
    const path = basePath === '/' ? '' : basePath;
    return Promise.all(
      ['healthz', 'metrics'].map(async (name) => (await send(`${url}${path}/${name}`)).text.slice(0, 6)),
    );
  };
  const own = ['{"stat', '# HELP'];
  const others = ['theirs', 'theirs'];
  assert.deepEqual(await health('/'), others);
  assert.deepEqual(await health('/', { monitoring: true }), own);
  assert.deepEqual(await health('/rt'), own);
  assert.deepEqual(await health('/rt', { monitoring: false }), others);
});

test('detaching gives the server back as it was', async (t) => {
  const { server, url } = await startServer(t, theirs);
  const upgrade = () => {};
  server.on('upgrade', upgrade);
  const { detach } = attachHub(t, server);
  assert.equal((await send(`${url}/channels/a`)).status, 200);
  detach();
  detach();
  assert.equal((await send(`${url}/channels/a`)).text, 'theirs /channels/a');
  assert.equal(Object.hasOwn(server, 'emit'), false);
  assert.deepEqual([server.listeners('request'), server.listeners('upgrade')], [[theirs], [upgrade]]);
});

test('two hubs share a server under two paths', async (t) => {
  const { server, url } = await startServer(t, theirs);
  const one = attachHub(t, server, '/one');
  attachHub(t, server, '/two');
  await one.hub.publish('a', 'of one');
  assert.equal((await send(`${url}/one/channels/a`)).json().messages[0].data, 'of one');
  assert.deepEqual((await send(`${url}/two/channels/a`)).json().messages, []);
  assert.equal((await send(`${url}/three`)).text, 'theirs /three');
});

test('of two hubs on a server either may leave first', async (t) => {
  let answered = 0;
  const { server, url } = await startServer(t, (request, response) => {
    answered += 1;
    theirs(request, response);
  });
  const one = attachHub(t, server, '/one');
  const two = attachHub(t, server, '/two');
  one.detach();
  assert.equal((await send(`${url}/one/healthz`)).text, 'theirs /one/healthz');
  assert.equal(answered, 1);
  assert.equal((await send(`${url}/two/healthz`)).json().status, 'ok');
  two.detach();
  assert.equal((await send(`${url}/two/healthz`)).text, 'theirs /two/healthz');
  assert.equal(answered, 2);
});

const H2C =
  'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA\r\n';

test('an offer of another protocol is passed over: the answer comes in HTTP/1.1', async (t) => {
  const { server, port } = await startServer(t, theirs);
  const { hub } = attachHub(t, server);
  await hub.publish('a', 'x');
  const socket = openRawSocket(t, port);
  for (const [path, answered] of [
    ['/channels/a', '"data":"x"'],
    ['/other', 'theirs /other'],
  ]) {
    // The connection goes on being used.
    socket.write(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n${H2C}\r\n`);
    assert.match(await socket.readThrough(answered!), /HTTP\/1\.1 200 OK\r\n/);
  }
});

test('an offer beside a body does not lose the body', async (t) => {
  const { server, port, url } = await startServer(t, theirs);
  attachHub(t, server);
  const socket = openRawSocket(t, port);
  const head = `POST /channels/a HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n${H2C}Content-Type: application/json\r\n`;
  socket.write(`${head}Content-Length: 11\r\n\r\n"hello`);
  await send(`${url}/healthz`);
  socket.write(' hub"');
  assert.match(await socket.readThrough('}'), /^HTTP\/1\.1 201 Created\r\n/);
  assert.equal((await send(`${url}/channels/a`)).json().messages[0].data, 'hello hub');
});

test('as a handler it passes on what is not its own, and answers 404 where nobody is next', async (t) => {
  const hub = createHub();
  t.after(() => hub.close());
  const passedOn = await startServer(t, (request, response) => {
    hub.handler(request, response, () => response.end('next'));
  });
  assert.equal((await send(`${passedOn.url}/other`)).text, 'next');
  assert.equal((await post(passedOn.url, 'a', 1)).status, 201);
  const alone = await startServer(t, (request, response) => hub.handler(request, response));
  assertProblem(await send(`${alone.url}/other`), 404, 'not_found');
});
