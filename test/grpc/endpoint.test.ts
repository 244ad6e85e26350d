import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Code, ConnectError, createClient } from '@connectrpc/connect';
import { createGrpcTransport } from '@connectrpc/connect-node';
import {
  Health,
  HealthCheckResponse_ServingStatus as Serving,
} from '../../src/grpc/gen/grpc/health/v1/health_pb.ts';
import { toFanwireError } from '../../src/grpc/index.ts';
import { EVENTS } from '../../src/grpc/stream-formats.ts';
import type { FanwireError } from '../../src/index.ts';
import { bearer, SECRET } from '../abuse/support/tokens.ts';
import { send } from '../support/http.ts';
import { readEvents } from './support/events.ts';
import { bytesOf, CLIENTS, openClient, startGrpcHub } from './support/grpc-hub.ts';
import { until } from './support/until.ts';

const authorise = { secret: SECRET };

/** The hub's error that a call ends with, and its status. */
async function refusal(
  call: Promise<unknown>,
): Promise<[code: FanwireError['code'] | undefined, status: Code]> {
  const error = await call.then(
    (answer) => assert.fail(`answered: ${JSON.stringify(answer)}`),
    (reason) => reason,
  );
  return [toFanwireError(error)?.code, ConnectError.from(error).code];
}

for (const kind of Object.keys(CLIENTS)) {
  test(`${kind}: metadata carries the token, which is asked for and grants what it says`, async (t) => {
    const { url } = await startGrpcHub(t, { authorise });
    const client = openClient(t, url, kind);
    const request = { channel: 'a', data: bytesOf(1) };
    const headers = await bearer({ publish: ['a'], read: ['a'] });
    assert.deepEqual(await refusal(client.publish(request)), ['unauthenticated', Code.Unauthenticated]);
    assert.deepEqual(await refusal(client.publish({ ...request, channel: 'b' }, { headers })), [
      'forbidden',
      Code.PermissionDenied,
    ]);
    assert.ok((await client.publish(request, { headers })).id);
    const wrong = { headers: { authorization: 'Bearer nonsense' } };
    assert.deepEqual(await refusal(client.read({ channels: ['a'] }, wrong)), [
      'unauthenticated',
      Code.Unauthenticated,
    ]);
    const events = readEvents(() => client.subscribe({ channels: ['a', 'b'] }, { headers }));
    assert.deepEqual(await refusal(events.message()), ['forbidden', Code.PermissionDenied]);
  });

  test(`${kind}: a limit says when to come back`, async (t) => {
    const { url } = await startGrpcHub(t, { limits: { publishesPerSecond: 1 } });
    const client = openClient(t, url, kind);
    const publish = () => client.publish({ channel: 'a', data: bytesOf(1) });
    const results = await Promise.allSettled(Array.from({ length: 12 }, publish));
    const error = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []))[0];
    assert.equal(ConnectError.from(error).code, Code.ResourceExhausted);
    const { code, retryAfter = 0 } = toFanwireError(error)!;
    assert.equal(code, 'too_many_publishes');
    assert.ok(retryAfter > 0, `${retryAfter}`);
    assert.equal(error.metadata.get('grpc-retry-pushback-ms'), String(retryAfter * 1000));
  });

  test(`${kind}: a call too many is refused in the words of its protocol`, async (t) => {
    const { url } = await startGrpcHub(t, { limits: { connectionsPerAddress: 1 } });
    const client = openClient(t, url, kind);
    const events = readEvents((signal) => client.subscribe({ channels: ['a'] }, { signal }));
    await events.heartbeat();
    assert.deepEqual(await refusal(client.read({ channels: ['a'] })), [
      'too_many_connections',
      Code.ResourceExhausted,
    ]);
    events.cancel();
  });

  test(`${kind}: a hub that goes away ends its streams, and says to come back`, async (t) => {
    const { hub, url } = await startGrpcHub(t);
    const events = readEvents(() => openClient(t, url, kind).subscribe({ channels: ['a'] }));
    await events.heartbeat();
    const ended = events.end();
    await hub.drain({ withinMs: 1 });
    const error = await ended;
    assert.equal(ConnectError.from(error).code, Code.Unavailable);
    assert.equal(toFanwireError(error)?.code, 'draining');
    assert.ok(toFanwireError(error)!.retryAfter! > 0);
  });

  test(`${kind}: a stream ends with its token`, async (t) => {
    const { hub, url } = await startGrpcHub(t, { authorise });
    const headers = await bearer({ read: ['a'] }, 'ada');
    const events = readEvents(() => openClient(t, url, kind).subscribe({ channels: ['a'] }, { headers }));
    await events.heartbeat();
    await hub.revoke({ subject: 'ada' });
    assert.equal(toFanwireError(await events.end())?.code, 'unauthenticated');
  });

  test(`${kind}: what is sent again under its key is in the log once`, async (t) => {
    const { url } = await startGrpcHub(t);
    const client = openClient(t, url, kind);
    const request = { channel: 'a', data: bytesOf(1), idempotencyKey: 'order-4711' };
    const { id } = await client.publish(request);
    assert.equal((await client.publish(request)).id, id);
    assert.deepEqual(await refusal(client.publish({ ...request, data: bytesOf(2) })), [
      'idempotency_conflict',
      Code.AlreadyExists,
    ]);
  });
}

test('a client whose requests end in the middle, or too large, gets an answer and leaves nothing behind', async (t) => {
  const { url } = await startGrpcHub(t, { authorise, limits: { strangerBytes: 1024 } });
  const headers = { 'content-type': 'application/json' };
  const target = `${url}/fanwire.v1.Hub/Publish`;
  const cut = await send(target, { method: 'POST', headers, body: '{"channel":"a"' });
  assert.equal(cut.status, 400);
  const large = await send(target, { method: 'POST', headers, body: 'x'.repeat(2048) });
  assert.equal(large.status, 429);
  assert.match(String(large.body), /strangerBytes/);
});

test('a page of another origin is refused, and one that is listed may read what gRPC-Web answers', async (t) => {
  const { url } = await startGrpcHub(t, { origins: ['https://app.example'] });
  const target = `${url}/fanwire.v1.Hub/Read`;
  const ask = (origin: string) =>
    send(target, {
      method: 'POST',
      headers: { origin, 'content-type': 'application/json' },
      body: '{"channels":["a"]}',
    });
  assert.equal((await ask('https://evil.example')).status, 403);
  const { status, headers } = await ask('https://app.example');
  assert.equal(status, 200);
  assert.equal(headers['access-control-allow-origin'], 'https://app.example');
  assert.match(String(headers['access-control-expose-headers']), /Grpc-Status/i);
});

test('health is told to those without a token, and changes when the node drains', async (t) => {
  const { hub, url } = await startGrpcHub(t, {
    authorise: () => {
      throw new Error('nobody');
    },
    onError() {},
  });
  const health = createClient(Health, createGrpcTransport({ baseUrl: url }));
  assert.equal((await health.check({ service: 'fanwire.v1.Hub' })).status, Serving.SERVING);
  const unknown = await health.check({ service: 'other' }).catch((reason) => reason);
  assert.equal(unknown.code, Code.NotFound);
  const abort = new AbortController();
  const watched = health.watch({}, { signal: abort.signal })[Symbol.asyncIterator]();
  assert.equal((await watched.next()).value.status, Serving.SERVING);
  await hub.drain({ withinMs: 0 });
  assert.equal((await watched.next()).value.status, Serving.NOT_SERVING);
  abort.abort();
});

test('an event is encoded once for all that read it, over whatever protocol', async (t) => {
  const { hub, url } = await startGrpcHub(t);
  const counted = { count: 0, original: EVENTS.proto.plain.encode };
  for (const format of [EVENTS.proto.plain, EVENTS.proto.chunked]) {
    format.encode = counting;
    t.after(() => {
      format.encode = counted.original;
    });
  }
  function counting(item: Parameters<typeof counted.original>[0]) {
    counted.count += 1;
    return counted.original(item);
  }
  const warnings: Error[] = [];
  const warned = (warning: Error) => warnings.push(warning);
  process.on('warning', warned);
  t.after(() => process.off('warning', warned));
  const kinds = ['gRPC', 'gRPC-Web over HTTP/1.1', 'gRPC-Web over HTTP/2', 'Connect over HTTP/2'];
  const readers = Array.from({ length: 40 }, (_, index) => {
    const client = openClient(t, url, kinds[index % kinds.length]);
    return readEvents((signal) => client.subscribe({ channels: ['a'] }, { signal }));
  });
  for (const reader of readers) await reader.heartbeat();
  for (let value = 0; value < 5; value++) {
    await hub.publish('a', value);
    await Promise.all(readers.map((reader) => reader.message()));
  }
  for (const reader of readers) reader.cancel();
  assert.equal(counted.count, 5);
  // As Node has one for each signal that more than ten listen to.
  assert.deepEqual(warnings, []);
  await until(() => hub.connections().length === 0);
});
