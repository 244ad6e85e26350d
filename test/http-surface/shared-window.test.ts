import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { createInterface } from 'node:readline';
import { type TestContext, test } from 'node:test';
import { createGunzip, createInflateRaw } from 'node:zlib';
import { WebSocket } from 'ws';
import { send } from '../support/http.ts';
import { publishAll, startHub } from '../support/hub.ts';
import { OPCODE, openRawWebSocket, type RawWebSocket } from '../support/raw-websocket.ts';

const RSV1 = 0x40;
const compression = { sharedWindow: true };
/** As browsers offer it. */
const OFFER = 'permessage-deflate; client_max_window_bits';

/** Reads with one inflater for all that comes, as a client does with which context takeover is agreed on. */
class Reader {
  readonly #socket: RawWebSocket;
  readonly #inflater = createInflateRaw();
  /** Of the last message, as it stood in its frame. */
  bytes = 0;

  constructor(t: TestContext, socket: RawWebSocket) {
    this.#socket = socket;
    t.after(() => this.#inflater.close());
  }

  async next(): Promise<string> {
    const { first, payload } = await this.#socket.readFrame();
    this.bytes = payload.length;
    if (!(first & RSV1)) return payload.toString();
    // A client puts back what a compressor leaves out (RFC 7692 section 7.2.2).
    this.#inflater.write(Buffer.concat([payload, Buffer.of(0, 0, 0xff, 0xff)]));
    let text = '';
    do {
      await once(this.#inflater, 'readable');
      text += this.#inflater.read() ?? '';
    } while (!isWhole(text));
    return text;
  }
}

function isWhole(json: string): boolean {
  try {
    JSON.parse(json);
    return true;
  } catch {
    return false;
  }
}

async function open(t: TestContext, port: number, path = '/channels/scores', offer = OFFER) {
  const socket = await openRawWebSocket(t, port, path, { headers: { 'Sec-WebSocket-Extensions': offer } });
  const reader = new Reader(t, socket);
  // The heartbeat that each begins with.
  await reader.next();
  return { socket, reader, head: socket.head };
}

const score = (minute: number) => ({
  match: 'FRA-BRA',
  minute,
  home: minute % 4,
  away: minute % 3,
  possession: 50 + (minute % 9),
});

async function reads(reader: Reader, minutes: readonly number[]): Promise<number> {
  let bytes = 0;
  for (const minute of minutes) {
    assert.deepEqual(JSON.parse(await reader.next()).data, score(minute));
    bytes += reader.bytes;
  }
  return bytes / minutes.length;
}

test('readers that came at different times share one window, and a message is what it has in common with those before', async (t) => {
  const { hub, port } = await startHub(t, { compression });
  const first = await open(t, port);
  assert.match(first.head, /^Sec-WebSocket-Extensions: permessage-deflate; client_no_context_takeover\r$/im);
  const publish = (from: number, to: number) => publishAll(hub, 'scores', minutes(from, to).map(score));
  await publish(0, 30);
  await reads(first.reader, minutes(0, 30));
  const second = await open(t, port);
  await publish(30, 35);
  const shared = await reads(first.reader, minutes(30, 35));
  const alone = await reads(second.reader, minutes(30, 35));
  assert.ok(shared < 45, `${shared} bytes a message`);
  assert.ok(alone > shared * 2, `${alone} bytes a message for a reader that has nothing yet`);
  await publish(35, 79);
  await reads(first.reader, minutes(35, 79));
  await reads(second.reader, minutes(35, 79));
  await publish(79, 80);
  await reads(second.reader, [79]);
  assert.ok(second.reader.bytes < 45, 'once it has been given a window, it shares');
});

test('what was missed, another channel and a reader that stopped reading break no window', async (t) => {
  const { hub, url, port } = await startHub(t, { compression, limits: { jsonDepth: 100 } });
  const sizes = [0, 1, 50, 300, 5_000, 40_000, 70_000, 300_000];
  const values = Array.from(
    { length: 400 },
    (_, index) => `${index} ${'ab'.repeat(sizes[index % sizes.length]! / 2)}`,
  );
  const clients = await Promise.all(
    ['channels/a', 'channels/a', 'channels/a,b'].map(async (path) => {
      const socket = new WebSocket(`${url.replace('http', 'ws')}/${path}`, { perMessageDeflate: true });
      t.after(() => socket.terminate());
      const received: unknown[] = [];
      socket.on('message', (data) => {
        const { channel, data: value } = JSON.parse(data.toString());
        if (channel === 'a') received.push(value);
        if (value === 'last') socket.close();
      });
      await once(socket, 'message');
      return { socket, received };
    }),
  );
  const done = clients.map(({ socket }) => once(socket, 'close'));
  for (const [index, value] of values.entries()) {
    // One of them reads nothing for a while, and is given the rest from the log.
    if (index === 100) clients[1]!.socket.pause();
    if (index === 300) clients[1]!.socket.resume();
    await hub.publish('a', value);
    if (index % 3 === 0) await hub.publish('b', value);
  }
  await hub.publish('a', 'last');
  await Promise.all(done);
  for (const { received } of clients) assert.deepEqual(received, [...values, 'last']);
  assert.equal((await openRawWebSocket(t, port, '/channels/a')).head.includes('permessage-deflate'), false);
});

test('a session that reads several channels gets each message compressed alone, or as it is', async (t) => {
  const { hub, port } = await startHub(t, { compression });
  const socket = await openRawWebSocket(t, port, '/connect', {
    headers: { 'Sec-WebSocket-Extensions': OFFER },
  });
  const reader = new Reader(t, socket);
  socket.write(OPCODE.text, '{"hello":{"client":"abcdefgh"}}');
  for (const [index, channel] of ['a', 'b'].entries()) {
    socket.write(OPCODE.text, JSON.stringify({ ref: index + 1, subscribe: { channel } }));
  }
  for (let frames = 0; frames < 3; frames++) await reader.next();
  for (const minute of minutes(0, 60)) {
    await hub.publish(minute % 2 ? 'a' : 'b', score(minute));
    await reads(reader, [minute]);
  }
});

test('a channel whose rule says so is not in the window, and who wants no context gets none', async (t) => {
  const { hub, port } = await startHub(t, {
    compression,
    channels: { 'secret.*': { sharedWindow: false } },
  });
  const secret = await open(t, port, '/channels/secret.1');
  const without = await open(t, port, '/channels/scores', 'permessage-deflate; server_no_context_takeover');
  assert.match(without.head, /server_no_context_takeover/);
  for (const [channel, { reader }] of [
    ['secret.1', secret],
    ['scores', without],
  ] as const) {
    await publishAll(hub, channel, minutes(0, 40).map(score));
    const lengths = new Set<number>();
    for (const minute of minutes(0, 40)) {
      await reads(reader, [minute]);
      lengths.add(reader.bytes);
    }
    assert.ok(Math.min(...lengths) > 80, 'its length tells of nothing but itself');
  }
});

for (const [type, dataOf] of [
  ['text/event-stream', eventData],
  ['application/x-ndjson', lineData],
] as const) {
  test(`${type} is one gzip stream in a window that its readers share, and has an end`, async (t) => {
    const { hub, url } = await startHub(t, { compression, heartbeatMs: 1_000 });
    const open = async () => {
      const gunzip = createGunzip();
      const request = get(`${url}/channels/scores`, { headers: { accept: type, 'accept-encoding': 'gzip' } });
      const [response] = (await once(request, 'response')) as [IncomingMessage];
      assert.equal(response.headers['content-encoding'], 'gzip');
      assert.match(String(response.headers.vary), /Accept-Encoding/);
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
      });
      // What a gzip stream ends with is compared by zlib: the length, and a checksum.
      const texts = response.pipe(gunzip).setEncoding('utf8')[Symbol.asyncIterator]();
      let text = '';
      return {
        bytes: () => bytes,
        async reads(count: number) {
          while (dataOf(text).length < count) text += (await texts.next()).value;
          return dataOf(text);
        },
        async end() {
          for (let next = await texts.next(); !next.done; next = await texts.next()) text += next.value;
        },
      };
    };
    const first = await open();
    await publishAll(hub, 'scores', minutes(0, 60).map(score));
    await first.reads(60);
    const second = await open();
    await publishAll(hub, 'scores', minutes(60, 120).map(score));
    const before = [(await first.reads(120)) && first.bytes(), (await second.reads(60)) && second.bytes()];
    await publishAll(hub, 'scores', minutes(120, 140).map(score));
    assert.deepEqual(await first.reads(140), minutes(0, 140).map(score));
    assert.deepEqual(await second.reads(80), minutes(60, 140).map(score));
    for (const [index, { bytes }] of [first, second].entries()) {
      const each = (bytes() - before[index]!) / 20;
      assert.ok(each < 60, `${each} bytes a message`);
    }
    await hub.close({ drainMs: 0 });
    await Promise.all([first.end(), second.end()]);
  });
}

test('curl --compressed shows each message as it comes', async (t) => {
  const { hub, url } = await startHub(t, { compression });
  const curl = spawn('curl', [
    '--silent',
    '--no-buffer',
    '--compressed',
    `${url}/channels/scores`,
    '--header',
    'Accept: application/x-ndjson',
  ]);
  t.after(() => curl.kill());
  const lines = createInterface(curl.stdout)[Symbol.asyncIterator]();
  assert.equal((await lines.next()).value, '');
  for (const minute of minutes(0, 60)) {
    await hub.publish('scores', score(minute));
    assert.deepEqual(JSON.parse((await lines.next()).value).data, score(minute));
  }
});

test('a stream whose channel is not in the window is not compressed', async (t) => {
  const { url } = await startHub(t, { compression, channels: { secret: { sharedWindow: false } } });
  const headers = { accept: 'text/event-stream', 'accept-encoding': 'gzip' };
  for (const [path, encoding] of [
    ['secret', undefined],
    ['secret,scores', undefined],
    ['scores', 'gzip'],
  ] as const) {
    const response = await send(`${url}/channels/${path}`, { method: 'HEAD', headers });
    assert.equal(response.headers['content-encoding'], encoding, path);
  }
});

function eventData(text: string): unknown[] {
  return [...text.matchAll(/^data: ?(\{"match".*)\n\n/gm)].map(([, data]) => JSON.parse(data!));
}

function lineData(text: string): unknown[] {
  return text
    .split('\n')
    .slice(0, -1)
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line).data);
}

function minutes(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, index) => from + index);
}
