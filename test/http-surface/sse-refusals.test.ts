import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { EventSource } from 'eventsource';
import { createHub, FanwireError } from '../../src/index.ts';
import { absentLog } from '../support/absent-log.ts';
import { type Answer, openResponse, send } from '../support/http.ts';
import { startHub } from '../support/hub.ts';
import { onEnd } from '../support/on-end.ts';
import { assertProblem } from '../support/problem.ts';

const headers = { accept: 'text/event-stream' };

/** What an EventSource makes of it: the time to wait, and what `onerror` is told. */
function putOff({ status, headers: given, text }: Answer) {
  assert.equal(status, 200, text);
  assert.equal(given['content-type'], 'text/event-stream');
  assert.equal(given['cache-control'], 'no-store');
  const [, retry, data] = /^retry: (\d+)\nevent: error\ndata: (.*)\n\n$/.exec(text) ?? assert.fail(text);
  return { retryMs: Number(retry), problem: JSON.parse(data!) };
}

test('a refusal that passes is a stream that ends, with the time to wait and the reason', async (t) => {
  const authorise = () => {
    throw new FanwireError('authorisation_unavailable', 'keys can’t be read', { retryAfter: 7 });
  };
  for (const [code, status, options, retryMs] of [
    ['log_unavailable', 503, { log: absentLog() }, 1234],
    ['authorisation_unavailable', 503, { authorise }, 7000],
  ] as const) {
    const { url } = await startHub(t, { retryMs: 1234, ...options });
    const answer = putOff(await send(`${url}/channels/a`, { headers }));
    assert.equal(answer.retryMs, retryMs);
    assert.deepEqual([answer.problem.code, answer.problem.status], [code, status]);
    const head = await send(`${url}/channels/a`, { headers, method: 'HEAD' });
    assert.deepEqual([head.status, head.headers['content-type'], head.text], [200, 'text/event-stream', '']);
    assertProblem(await send(`${url}/channels/a`), status, code);
  }
});

test('so is that of too many connections, which is closed', async (t) => {
  const { url } = await startHub(t, { limits: { connectionsPerAddress: 1 } });
  const first = await openResponse(`${url}/channels/a`, { headers });
  const answer = await send(`${url}/channels/a`, { headers });
  assert.equal(putOff(answer).problem.code, 'too_many_connections');
  assert.equal(answer.headers.connection, 'close');
  first.destroy();
});

test('so is that of a node that closes', async (t) => {
  const hub = createHub();
  const server = createServer();
  onEnd(t, () => {
    server.closeAllConnections();
    server.close();
  });
  hub.attach(server);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const stream = await openResponse(`${url}/channels/a`, { headers });
  // The drain's time is over when the test says so.
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const closing = hub.close({ drainMs: 200 });
  assert.equal(putOff(await send(`${url}/channels/a`, { headers })).problem.code, 'draining');
  stream.destroy();
  t.mock.timers.tick(200);
  t.mock.timers.reset();
  await closing;
});

test('a refusal that stays keeps its status', async (t) => {
  const { url } = await startHub(t, { channels: { a: { read: 'nobody' } } });
  assertProblem(await send(`${url}/channels/a`, { headers }), 403, 'forbidden');
  assertProblem(await send(`${url}/channels/b?after=nowhere`, { headers }), 400, 'invalid_position');
});

test('an EventSource outlives a log that is away, and says why meanwhile', async (t) => {
  const log = absentLog();
  const { hub, url } = await startHub(t, { log, retryMs: 20 });
  const source = openEventSource(t, `${url}/channels/a?after=start`);
  const [error] = await once(source, 'error');
  assert.equal(JSON.parse((error as MessageEvent).data).code, 'log_unavailable');
  log.back();
  const message = once(source, 'message');
  await hub.publish('a', 'back');
  assert.equal(((await message)[0] as MessageEvent).data, '"back"');
});

function openEventSource(t: TestContext, url: string): EventSource {
  const source = new EventSource(url);
  onEnd(t, () => source.close());
  return source;
}
