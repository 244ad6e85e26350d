import assert from 'node:assert/strict';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { TRANSPORTS } from '../../conformance/transports/transports.ts';
import { certificateOf } from '../../src/server/tls/certificate-of.ts';
import { tableUnder } from '../documents/markdown.ts';
import { unquoted } from '../documents/tables.ts';
import { makeDirectory } from '../support/directory.ts';
import { openSession } from '../support/http2.ts';
import { startHub } from '../support/hub.ts';
import { onEnd } from '../support/on-end.ts';
import { startWebProxy, type WebProxy } from '../support/web-proxy.ts';
import { PROXIES } from './proxies.ts';

/** What the guide says, line by line. */
const GUIDE = tableUnder('docs/deployment.md', 'HTTP/2 through a proxy').map(
  ([name = '', front = '', behind = '', webSocket = '']) => ({
    name,
    front: unquoted(front),
    behind: unquoted(behind),
    overHttp2: webSocket === 'over HTTP/2',
  }),
);

/** Where each file has the plain lines. */
const PLAIN: Readonly<Record<string, { readonly front: RegExp; readonly behind: RegExp }>> = {
  nginx: { front: /listen 80;/, behind: /server 127\.0\.0\.1:8080;/ },
  HAProxy: { front: /bind :80/, behind: /server one 127\.0\.0\.1:8080/ },
  Caddy: { front: /^hub\.example \{/m, behind: /reverse_proxy 127\.0\.0\.1:8080 \{/ },
};

/** The proxy as the guide has it, with a certificate of the test's own. */
async function withHttp2(t: TestContext, { name, front, behind }: (typeof GUIDE)[number]): Promise<WebProxy> {
  const directory = await makeDirectory(t);
  const [pem, key] = [join(directory, 'hub.pem'), join(directory, 'hub.key')];
  const { pair } = certificateOf('self-signed', () => {});
  // HAProxy wants both in one file, and the others do not mind.
  writeFileSync(pem, pair.cert + pair.key);
  writeFileSync(key, pair.key);
  const plain = PLAIN[name]!;
  const proxy = PROXIES.find((each) => each.name === name)!;
  return {
    ...proxy,
    changes: (place) => [
      [
        plain.front,
        front
          .replace('/etc/ssl/hub.pem', pem)
          .replace('/etc/ssl/hub.key', key)
          .replace(/(listen |bind :)443/, (_, word) => `${word.replace(':', '')}127.0.0.1:${place.port}`)
          // Caddy would ask a CA for that name.
          .replace(
            'hub.example {',
            `{\n\tadmin off\n\tauto_https disable_redirects\n}\nhttps://127.0.0.1:${place.port} {\n\ttls ${pem} ${key}`,
          ),
      ],
      [plain.behind, behind],
      // What else a test changes, but for where it listens.
      ...proxy.changes(place).slice(1),
    ],
  };
}

for (const row of GUIDE) {
  test(`${row.name}: over HTTP/2 every transport brings each message`, async (t) => {
    const { hub, port } = await startHub(t, { trustProxy: true, hosts: ['127.0.0.1'] });
    const url = `https://127.0.0.1:${await startWebProxy(t, await withHttp2(t, row), port)}`;
    const session = openSession(t, url);
    if (!session.remoteSettings?.maxFrameSize) await once(session, 'remoteSettings');
    assert.equal(session.alpnProtocol, 'h2');
    assert.equal(session.remoteSettings?.enableConnectProtocol ?? false, row.overHttp2);
    for (const { name, open } of TRANSPORTS) {
      await t.test(name, async (t) => {
        const http2 = name !== 'websocket' || row.overHttp2;
        const reader = await open(url, { channels: ['scores'], http2 });
        onEnd(t, () => reader.close());
        for (const data of ['one', 'two', 'three']) {
          const next = reader.next();
          await hub.publish('scores', data);
          const item = await next;
          assert.equal(item.kind === 'message' && item.message.data, data);
        }
      });
    }
  });
}
