import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createSecureServer, createServer, type Http2SecureServer, type Http2Server } from 'node:http2';
import { createServer as createHttpsServer, type Server as HttpsServer, request } from 'node:https';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { WebSocket } from 'ws';
import { createHub } from '../../src/index.ts';
import { certificateOf } from '../../src/server/tls/certificate-of.ts';
import { openSession, requestOn } from '../support/http2.ts';
import { onEnd } from '../support/on-end.ts';
import { readText } from './support/read-text.ts';

const { pair } = certificateOf('self-signed', () => {});

type AnyServer = Http2Server | Http2SecureServer | HttpsServer;

/** Attaches a hub to a server; returns what takes it away again. */
async function attach(t: TestContext, server: AnyServer, scheme: 'http' | 'https') {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const hub = createHub();
  const detach = hub.attach(server);
  onEnd(t, async () => {
    await hub.close({ drainMs: 0 });
    server.close();
  });
  return { hub, detach, url: `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

const theirs = (request: { url?: string | undefined }, response: { end(text: string): unknown }) =>
  void response.end(`theirs ${request.url}`);

async function overHttp2(t: TestContext, url: string, path: string): Promise<string> {
  return readText(await requestOn(openSession(t, url), path));
}

function overHttp1(url: string, path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    request(`${url}${path}`, { rejectUnauthorized: false, agent: false }, (response) =>
      readText(response).then(resolve, reject),
    ).end();
  });
}

test('a server of HTTP/2 keeps its requests, and gives the hub its own', async (t) => {
  const { url, detach } = await attach(t, createServer(theirs), 'http');
  assert.match(await overHttp2(t, url, '/channels/a'), /"messages"/);
  assert.equal(await overHttp2(t, url, '/other'), 'theirs /other');
  detach();
  assert.equal(await overHttp2(t, url, '/channels/a'), 'theirs /channels/a');
});

test('a listener of requests that comes later is found', async (t) => {
  const server = createServer();
  const { url } = await attach(t, server, 'http');
  assert.match(await overHttp2(t, url, '/other'), /not_found/);
  server.on('request', theirs);
  assert.equal(await overHttp2(t, url, '/other'), 'theirs /other');
  assert.match(await overHttp2(t, url, '/channels/a'), /"messages"/);
});

test('who takes streams as they are sees none of the hub’s', async (t) => {
  const server = createServer();
  const seen: unknown[] = [];
  server.on('stream', (stream, headers) => {
    seen.push(headers[':path']);
    stream.respond({ ':status': 200 });
    stream.end('theirs');
  });
  const { url } = await attach(t, server, 'http');
  assert.match(await overHttp2(t, url, '/channels/a'), /"messages"/);
  assert.equal(await overHttp2(t, url, '/other'), 'theirs');
  assert.deepEqual(seen, ['/other']);
});

test('a secure server of both versions gives the hub its requests in either, and WebSockets', async (t) => {
  const server = createSecureServer({ ...pair, allowHTTP1: true }, theirs);
  const { hub, url } = await attach(t, server, 'https');
  await hub.publish('a', 'x');
  for (const over of [() => overHttp2(t, url, '/channels/a'), () => overHttp1(url, '/channels/a')]) {
    assert.match(await over(), /"data":"x"/);
  }
  assert.equal(await overHttp2(t, url, '/other'), 'theirs /other');
  assert.equal(await overHttp1(url, '/other'), 'theirs /other');
  const webSocket = new WebSocket(`${url.replace('http', 'ws')}/channels/a`, { rejectUnauthorized: false });
  const [first] = await once(webSocket, 'message');
  assert.match(String(first), /^{"heartbeat"/);
  webSocket.terminate();
});

test('a server of HTTPS alone, too', async (t) => {
  const { url } = await attach(t, createHttpsServer(pair, theirs), 'https');
  assert.match(await overHttp1(url, '/channels/a'), /"messages"/);
  assert.equal(await overHttp1(url, '/other'), 'theirs /other');
});

test('a body that waits for a word is given it', async (t) => {
  const { url } = await attach(t, createServer(theirs), 'http');
  const stream = openSession(t, url).request({
    ':path': '/channels/a',
    ':method': 'POST',
    'content-type': 'application/json',
    expect: '100-continue',
  });
  await once(stream, 'continue');
  stream.end('1');
  const [headers] = await once(stream, 'response');
  assert.equal(headers[':status'], 201);
  stream.resume();
});
