import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { type ClientHttp2Session, connect, createServer } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { createHub, type FanwireHub, type HubOptions } from '../../src/index.ts';
import { startHub } from '../support/hub.ts';
import { onEnd } from '../support/on-end.ts';
import { openRawSocket } from '../support/raw-socket.ts';

test('over HTTP/1.0, which has no chunks, a stream is its bare bytes', async (t) => {
  const { hub, port } = await startHub(t);
  const { id } = await hub.publish('scores', 1);
  const socket = openRawSocket(t, port);
  socket.write(
    `GET /channels/scores?after=start HTTP/1.0\r\nHost: 127.0.0.1\r\nAccept: text/event-stream\r\n\r\n`,
  );
  const head = await socket.readThrough('\r\n\r\n');
  assert.doesNotMatch(head, /transfer-encoding/i);
  const body = await socket.readThrough('data: 1\n\n');
  assert.match(body, new RegExp(`^:[^]*\\n\\nid: ${id}\\ndata: 1\\n\\n$`));
});

/** A hub inside a server of HTTP/2, and a connection to it. */
async function overHttp2(
  t: TestContext,
  options: HubOptions = {},
): Promise<{ hub: FanwireHub; session: ClientHttp2Session }> {
  const hub = createHub(options);
  // The compatibility interface of HTTP/2 is that of HTTP/1.1, though its types do not say so.
  const server = createServer((request, response) => hub.handler(request as never, response as never));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const session = connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  onEnd(t, async () => {
    session.destroy();
    await hub.close({ drainMs: 0 });
    server.close();
  });
  return { hub, session };
}

for (const [accept, contentType, data] of [
  ['text/event-stream', 'text/event-stream', /^data: "ü"$/m],
  ['application/x-ndjson', 'application/x-ndjson', /"data":"ü"/],
  ['application/json', 'application/json', /"data":"ü"/],
] as const) {
  test(`over HTTP/2 a channel is read as ${accept}`, async (t) => {
    const { hub, session } = await overHttp2(t);
    await hub.publish('scores', 'ü');
    const stream = session.request({ ':path': '/channels/scores?after=start', accept });
    const [headers] = await once(stream, 'response');
    assert.equal(headers[':status'], 200);
    assert.match(headers['content-type'], new RegExp(contentType));
    stream.setEncoding('utf8');
    let text = '';
    while (!data.test(text)) text += (await once(stream, 'data'))[0];
    stream.close();
  });
}

test('over HTTP/2 a stream that its client gives up is forgotten', async (t) => {
  const { hub, session } = await overHttp2(t);
  const stream = session.request({ ':path': '/channels/scores', accept: 'text/event-stream' });
  await once(stream, 'data');
  assert.equal(hub.connections().length, 1);
  stream.close();
  while (hub.connections().length > 0) await new Promise(setImmediate);
});

test('over HTTP/2 a refusal is a problem, its unread body notwithstanding', async (t) => {
  const { session } = await overHttp2(t);
  const stream = session.request({
    ':path': '/channels/b%20d',
    ':method': 'POST',
    'content-type': 'text/plain',
  });
  stream.write('x');
  const [headers] = await once(stream, 'response');
  assert.equal(headers[':status'], 400);
  assert.equal(headers['content-type'], 'application/problem+json');
  stream.close();
});

for (const accept of ['text/event-stream', 'application/json']) {
  test(`over HTTP/2 a client that goes while its token is checked leaves no ${accept} behind`, async (t) => {
    const checks = new EventEmitter();
    const { hub, session } = await overHttp2(t, {
      async authorise() {
        checks.emit('begun');
        await once(checks, 'done');
        return { read: true };
      },
    });
    const begun = once(checks, 'begun');
    const stream = session.request({ ':path': '/channels/scores?wait=30', accept });
    await begun;
    stream.close();
    await once(stream, 'close');
    // Frames arrive in order: once this is answered the hub knows.
    await once(session.request({ ':path': '/healthz' }), 'response');
    checks.emit('done');
    for (let turns = 0; turns < 10; turns++) await new Promise(setImmediate);
    assert.deepEqual(hub.connections(), []);
  });
}
