import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { TRANSPORTS } from '../../conformance/transports/transports.ts';
import { post, send } from '../support/http.ts';
import { startHub } from '../support/hub.ts';
import { nginxCommand, nginxScratch } from '../support/nginx.ts';
import { onEnd } from '../support/on-end.ts';
import { startWebProxy } from '../support/web-proxy.ts';

const COOKIE = 'session=ada';

/** An application and a hub on one host, behind nginx as deploy/nginx-app.conf has it. */
async function startHost(t: TestContext) {
  const application = createServer((request, response) => {
    response.setHeader('set-cookie', `${COOKIE}; Path=/; HttpOnly`);
    response.end(`${request.headers.host} ${request.url}`);
  }).listen(0, '127.0.0.1');
  await once(application, 'listening');
  onEnd(t, () => application.close());
  const { port: applicationPort } = application.address() as AddressInfo;
  const { port: hubPort } = await startHub(t, {
    basePath: '/realtime',
    trustProxy: true,
    // The application's own session.
    authorise: ({ headers }) => (headers.cookie === COOKIE ? { subject: 'ada', read: ['*'] } : undefined),
    channels: { '*': { publish: 'anyone' } },
  });
  const port = await startWebProxy(
    t,
    {
      name: 'nginx',
      config: 'deploy/nginx-app.conf',
      changes: ({ port, hubPort, directory }) => [
        [/listen 80;/, `listen 127.0.0.1:${port};`],
        [/127\.0\.0\.1:3000/, `127.0.0.1:${applicationPort}`],
        [/127\.0\.0\.1:8080/, `127.0.0.1:${hubPort}`],
        [/http \{/, `http { ${nginxScratch(directory)}`],
      ],
      command: nginxCommand,
    },
    hubPort,
  );
  return `http://127.0.0.1:${port}`;
}

test('an application and a hub on one host each get their own paths', async (t) => {
  const host = await startHost(t);
  const { text } = await send(`${host}/rooms/1?page=2`);
  assert.equal(text, `${new URL(host).host} /rooms/1?page=2`);
  assert.equal((await send(`${host}/realtime/healthz`)).json().status, 'ok');
  assert.equal((await post(`${host}/realtime`, 'news', 1)).status, 201);
});

for (const { name, open } of TRANSPORTS) {
  test(`on that host ${name} brings events as they come, to a page that has the application's cookie`, async (t) => {
    const host = await startHost(t);
    const headers = { origin: host, cookie: COOKIE };
    const reader = await open(`${host}/realtime`, { channels: ['news'], headers });
    onEnd(t, () => reader.close());
    for (const data of ['one', 'two']) {
      const next = reader.next();
      await post(`${host}/realtime`, 'news', data);
      const item = await next;
      assert.equal(item.kind === 'message' && item.message.data, data);
    }
  });
}
