import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import express, { type Express } from 'express';
import Fastify from 'fastify';
import { connect } from '../../src/client/index.ts';
import { createHub, type HubOptions } from '../../src/index.ts';
import { TCP_TRANSPORTS } from '../../src/protocol/transport-name.ts';
import { post, send } from '../support/http.ts';
import { onEnd } from '../support/on-end.ts';
import { assertProblem } from '../support/problem.ts';

/** An Express application with a hub, put in where it says. */
async function startExpress(t: TestContext, options: HubOptions, prepare: (app: Express) => void) {
  const app = express();
  const faults: unknown[] = [];
  const hub = createHub({ onError: (fault) => faults.push(fault), ...options });
  prepare(app);
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onEnd(t, async () => {
    await hub.close({ drainMs: 0 });
    server.closeAllConnections();
    server.close();
  });
  return { app, hub, server, faults, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

const publish = (url: string, type: string, body: string | Uint8Array) =>
  send(`${url}/channels/a`, { method: 'POST', headers: { 'content-type': type }, body });

const dataOf = async (url: string) =>
  (await send(`${url}/channels/a?after=start`)).json().messages.map(({ data }: { data: unknown }) => data);

test('behind body parsers everything is published that they leave', async (t) => {
  const { app, hub, url } = await startExpress(t, {}, (app) => {
    app.use(express.json());
    app.use(express.text());
    app.use(express.text({ type: 'application/x-ndjson' }));
    app.use(express.raw());
  });
  app.use(hub.handler);
  assert.equal((await publish(url, 'application/json', '{"home":1}')).status, 201);
  assert.equal((await publish(url, 'text/plain', 'a text')).status, 201);
  assert.equal((await publish(url, 'application/octet-stream', new Uint8Array([0, 255]))).status, 201);
  assert.equal((await publish(url, 'application/x-ndjson', '1\n2\n')).status, 201);
  assert.deepEqual(await dataOf(url), [{ home: 1 }, 'a text', 'AP8=', 1, 2]);
});

test('JSON that is a text is told from JSON that was left as a text', async (t) => {
  for (const parser of [express.json({ strict: false }), express.text({ type: 'application/json' })]) {
    const { app, hub, url } = await startExpress(t, {}, (app) => void app.use(parser));
    app.use(hub.handler);
    for (const json of ['"1"', '"a text"', '{"a":"ä"}'])
      assert.equal((await publish(url, 'application/json', json)).status, 201);
    assert.deepEqual(await dataOf(url), ['1', 'a text', { a: 'ä' }]);
  }
});

test('a body of which nothing is left is answered at once, and the program is told', async (t) => {
  const { app, hub, url, faults } = await startExpress(t, {}, (app) => {
    app.use((request, _response, next) => request.on('end', next).resume());
  });
  app.use(hub.handler);
  const answer = await publish(url, 'application/json', '{"home":1}');
  assertProblem(answer, 500, 'internal');
  assert.match(answer.json().detail, /before the body parser/);
  assert.match(String(faults[0]), /before the body parser/);
  const form = await startExpress(t, {}, (app) => void app.use(express.urlencoded()));
  form.app.use(form.hub.handler);
  const refused = await publish(form.url, 'application/x-www-form-urlencoded', 'a=b');
  assertProblem(refused, 415, 'unsupported_media_type');
});

test('what a parser left counts against the limits', async (t) => {
  const { app, hub, url } = await startExpress(t, { limits: { bodyBytes: 100 } }, (app) => {
    app.use(express.json());
  });
  app.use(hub.handler);
  assertProblem(await post(url, 'a', ['x'.repeat(200)]), 413, 'body_too_large');
});

for (const parsers of ['with', 'without'] as const) {
  for (const transport of TCP_TRANSPORTS) {
    test(`the SDK works over ${transport}, beside Express ${parsers} a body parser`, async (t) => {
      const { app, hub, server, url } = await startExpress(t, {}, (app) => {
        if (parsers === 'with') app.use(express.json());
      });
      app.use(hub.handler);
      if (transport === 'websocket') hub.attach(server);
      const fanwire = connect(url, { transports: [transport] });
      onEnd(t, () => fanwire.close());
      const received = new Promise((resolve) => {
        fanwire.subscribe('a', ({ data }) => resolve(data));
      });
      await fanwire.publish('a', { home: 1 });
      // Before the subscription stands, perhaps: it is from now on.
      await hub.publish('a', { home: 1 });
      assert.deepEqual(await received, { home: 1 });
    });
  }
}

test('mounted under its base path, requests and WebSockets find the hub at one place', async (t) => {
  const { app, hub, server, url } = await startExpress(t, { basePath: '/rt' }, () => {});
  app.use('/rt', hub.handler);
  hub.attach(server);
  assert.equal((await post(`${url}/rt`, 'a', 1)).status, 201);
  for (const transport of TCP_TRANSPORTS) {
    const fanwire = connect(`${url}/rt`, { transports: [transport] });
    onEnd(t, () => fanwire.close());
    await fanwire.publish('a', transport);
  }
  assert.deepEqual(await dataOf(`${url}/rt`), [1, ...TCP_TRANSPORTS]);
});

test('mounted with the base path of the root, it is found there as long as WebSockets are nowhere else', async (t) => {
  const { app, hub, server, url } = await startExpress(t, {}, () => {});
  app.use('/rt', hub.handler);
  assert.equal((await post(`${url}/rt`, 'a', 1)).status, 201);
  assert.equal((await send(`${url}/rt/healthz`)).status, 200);
  hub.attach(server);
  const refused = await post(`${url}/rt`, 'a', 1);
  assertProblem(refused, 404, 'not_found');
  assert.match(refused.json().detail, /basePath: "\/rt"/);
});

test('a framework that keeps the parsed body elsewhere leaves it on the request first', async (t) => {
  const hub = createHub();
  const app = Fastify();
  app.all('/channels/*', (request, reply) => {
    reply.hijack();
    hub.handler(Object.assign(request.raw, { body: request.body }), reply.raw);
  });
  const url = await app.listen({ port: 0, host: '127.0.0.1' });
  onEnd(t, async () => {
    await hub.close();
    await app.close();
  });
  assert.equal((await post(url, 'a', { home: 1 })).status, 201);
  assert.deepEqual(await dataOf(url), [{ home: 1 }]);
});
