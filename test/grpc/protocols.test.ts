import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Code, ConnectError } from '@connectrpc/connect';
import { GapReason, type PublishRequest, toFanwireError } from '../../src/grpc/index.ts';
import { PATIENT_MS } from '../support/patience.ts';
import { startTcpProxy } from '../support/tcp-proxy.ts';
import { readEvents } from './support/events.ts';
import { bytesOf, CLIENTS, openClient, startGrpcHub, textOf } from './support/grpc-hub.ts';
import { until } from './support/until.ts';

type Publish = Partial<Omit<PublishRequest, '$typeName'>>;

for (const kind of Object.keys(CLIENTS)) {
  test(`${kind}: what is published comes as it was written, with its type, time and kind`, async (t) => {
    const { url } = await startGrpcHub(t);
    const client = openClient(t, url, kind);
    const events = readEvents((signal) => client.subscribe({ channels: ['a', 'b'] }, { signal }));
    const start = await events.heartbeat();
    const publishes: Publish[] = [
      { channel: 'a', data: new TextEncoder().encode('{"n":12345678901234567890}'), type: 'goal' },
      { channel: 'b', data: new TextEncoder().encode('Grüße'), contentType: 'text/plain' },
      { channel: 'a', data: Uint8Array.of(0, 255, 10), contentType: 'application/octet-stream' },
    ];
    const before = Date.now();
    const ids: string[] = [];
    for (const publish of publishes) ids.push((await client.publish(publish)).id);
    for (const [
      index,
      { channel, data, type = '', contentType = 'application/json' },
    ] of publishes.entries()) {
      const message = await events.message();
      assert.equal(message.id, ids[index]);
      assert.equal(message.channel, channel);
      assert.deepEqual(Buffer.from(message.data), Buffer.from(data!));
      assert.equal(message.type, type);
      assert.equal(message.contentType, contentType);
      assert.ok(Number(message.time?.seconds) >= Math.floor(before / 1000));
    }
    events.cancel();
    const again = readEvents((signal) => client.subscribe({ channels: ['a'], after: start! }, { signal }));
    assert.equal(await again.heartbeat(), start);
    assert.equal((await again.message()).id, ids[0]);
    assert.equal((await again.message()).id, ids[2]);
    again.cancel();
  });

  test(`${kind}: a refusal has the status, the code and the detail`, async (t) => {
    const { url } = await startGrpcHub(t);
    const client = openClient(t, url, kind);
    const refused = await client.publish({ channel: 'no name', data: bytesOf(1) }).catch((error) => error);
    assert.equal(ConnectError.from(refused).code, Code.InvalidArgument);
    assert.equal(toFanwireError(refused)?.code, 'invalid_channel');
    const streamed = await readEvents(() => client.subscribe({ channels: ['a'], after: '?' })).end();
    assert.equal(ConnectError.from(streamed).code, Code.InvalidArgument);
    assert.equal(toFanwireError(streamed)?.code, 'invalid_position');
  });

  test(`${kind}: a deadline ends a stream, and leaves nothing behind`, async (t) => {
    const { hub, url } = await startGrpcHub(t);
    const client = openClient(t, url, kind);
    let events: ReturnType<typeof readEvents>;
    let timeoutMs = 100;
    let begins: boolean;
    // On a busy machine it may run out before the stream has begun.
    do {
      timeoutMs *= 2;
      events = readEvents(() => client.subscribe({ channels: ['a'] }, { timeoutMs }));
      begins = await events.heartbeat().then(
        () => true,
        () => false,
      );
    } while (!begins && timeoutMs < PATIENT_MS);
    assert.ok(begins);
    assert.equal(ConnectError.from(await events.end()).code, Code.DeadlineExceeded);
    await until(() => hub.connections().length === 0);
  });

  test(`${kind}: a client that cancels is let go of`, async (t) => {
    const { hub, url } = await startGrpcHub(t);
    const events = readEvents((signal) =>
      openClient(t, url, kind).subscribe({ channels: ['a'] }, { signal }),
    );
    await events.heartbeat();
    events.cancel();
    await until(() => hub.connections().length === 0);
  });

  test(`${kind}: cut, it goes on after its position, and is told of what is gone`, async (t) => {
    const { hub, url, port } = await startGrpcHub(t, { channels: { a: { retain: { count: 2 } } } });
    const proxy = await startTcpProxy(t, port);
    const events = readEvents(() =>
      openClient(t, `http://127.0.0.1:${proxy.port}`, kind).subscribe({ channels: ['a'] }),
    );
    await events.heartbeat();
    await hub.publish('a', 1);
    const { id } = await events.message();
    proxy.cut();
    assert.ok((await events.end()) instanceof Error);
    const ids: string[] = [];
    for (const value of [2, 3, 4]) ids.push((await hub.publish('a', value)).id);
    const client = openClient(t, url, kind);
    const again = readEvents((signal) => client.subscribe({ channels: ['a'], after: id }, { signal }));
    const gap = await again.gap();
    assert.deepEqual([gap.channel, gap.from, gap.to, gap.reason], ['a', id, ids[0], GapReason.TRIMMED]);
    assert.deepEqual(
      [textOf((await again.message()).data), textOf((await again.message()).data)],
      ['3', '4'],
    );
    again.cancel();
  });

  test(`${kind}: a megabyte goes both ways`, async (t) => {
    const { url } = await startGrpcHub(t);
    const client = openClient(t, url, kind);
    const data = Buffer.alloc(1024 * 1024, 'Ωx');
    const contentType = 'text/plain';
    await client.publish({ channel: 'a', data: data.subarray(0, -1), contentType });
    const events = readEvents((signal) => client.subscribe({ channels: ['a'], last: 1 }, { signal }));
    assert.equal((await events.message()).data.length, data.length - 1);
    events.cancel();
    const error = await client
      .publish({ channel: 'a', data: Buffer.alloc(data.length + 1, 'x'), contentType })
      .catch((e) => e);
    assert.equal(toFanwireError(error)?.code, 'message_too_large');
    assert.equal(error.code, Code.ResourceExhausted);
  });

  test(`${kind}: many messages are published on one call, and its error says how far it came`, async (t) => {
    const { url } = await startGrpcHub(t);
    const client = openClient(t, url, kind);
    const summary = await client.publishStream(many(200));
    assert.equal(summary.published, 200n);
    const page = await client.read({ channels: ['a'], after: 'start' });
    assert.equal(page.messages.at(-1)?.id, summary.id);
    assert.deepEqual(
      page.messages.map(({ data }) => Number(textOf(data))),
      Array.from({ length: 200 }, (_, index) => index),
    );
    const error = await client.publishStream(many(3, 1)).catch((error) => error);
    assert.equal(toFanwireError(error)?.code, 'invalid_json');
  });
}

async function* many(count: number, wrong?: number) {
  for (let index = 0; index < count; index++) {
    yield { channel: 'a', data: index === wrong ? Uint8Array.of(0x7b) : bytesOf(index) };
  }
}
