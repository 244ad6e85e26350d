import assert from 'node:assert/strict';
import { Agent, request } from 'node:http';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import type { FanwireHub, HubOptions } from '../../src/index.ts';
import { openResponse } from '../support/http.ts';
import { fetchUrlOf, startHub } from '../support/hub.ts';

const SSE = { accept: 'text/event-stream' };
const CHUNK = 'x'.repeat(10_000);

/** A request as a framework passes it on, and what it can do to it. */
function ask(hub: FanwireHub, path: string, headers: Record<string, string> = {}) {
  const client = new AbortController();
  const asked = new Request(`http://localhost${path}`, { headers, signal: client.signal });
  return { client, response: hub.fetch(asked, { address: '127.0.0.1' }) };
}

/** One connection at a time, so that one that is not let go of keeps the next out. */
const ONE: HubOptions = { limits: { connectionsPerAddress: 1 } };

/** Without clients that polled, which are listed for a while though nothing of theirs is open. */
function openIn(hub: FanwireHub) {
  return hub.connections().filter(({ polls }) => polls === undefined);
}

async function assertFree(hub: FanwireHub): Promise<void> {
  assert.deepEqual(openIn(hub), []);
  assert.equal((await ask(hub, '/channels/scores').response).status, 200);
}

async function untilOpen(hub: FanwireHub, count: number): Promise<void> {
  while (openIn(hub).length !== count) await turn();
}

/** Reads a stream until something stands in it. */
async function readUntil(reader: ReadableStreamDefaultReader<Uint8Array>, pattern: RegExp): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  while (!pattern.test(text)) {
    const { done, value } = await reader.read();
    assert.ok(!done, `the stream ended after ${text.slice(-100)}`);
    text += decoder.decode(value, { stream: true });
  }
  return text;
}

for (const accept of ['text/event-stream', 'application/x-ndjson']) {
  test(`a reader of ${accept} who does not read costs no more than a buffer, and reads on from the log`, async (t) => {
    const { hub } = await startHub(t, { channels: { feed: { retain: { count: 20 } } } });
    const { body } = await ask(hub, '/channels/feed', { accept }).response;
    for (let index = 0; index < 1000; index++) await hub.publish('feed', [index, CHUNK]);
    await turn();
    const { bytes, lagging } = hub.stats();
    assert.ok(bytes < 200_000, `${bytes} bytes were written of ten million`);
    assert.equal(lagging, 1);
    const reader = body!.getReader();
    const text = await readUntil(reader, /\[999,/);
    const gaps = text.match(/"gap":/g);
    assert.equal(gaps?.length, 1, 'what it was too slow for is one gap');
    await hub.publish('feed', 'live again');
    await readUntil(reader, /live again/);
    assert.equal(hub.stats().lagging, 0);
    await reader.cancel();
    assert.deepEqual(openIn(hub), []);
  });
}

test('a chunk that goes to all readers comes whole to each of them', async (t) => {
  const { hub, url } = await startHub(t);
  const byFetch = await fetchUrlOf(url);
  const sayings = Array.from({ length: 50 }, (_, index) => `saying ${index}`);
  const read = async () => {
    const response = await openResponse(`${byFetch}/channels/feed`, { headers: SSE });
    let text = '';
    for await (const part of response) {
      text += part;
      if (text.includes('saying 49')) break;
    }
    return text.match(/saying \d+/g);
  };
  const readers = Array.from({ length: 20 }, read);
  await untilOpen(hub, 20);
  for (const saying of sayings) await hub.publish('feed', saying);
  for (const read of await Promise.all(readers)) assert.deepEqual(read, sayings);
});

test('a client that goes away while its poll is parked is let go of', async (t) => {
  const { hub } = await startHub(t, ONE);
  const { client, response } = ask(hub, '/channels/scores?wait=30&after=now');
  await untilOpen(hub, 1);
  client.abort();
  assert.equal((await response).status, 499);
  await assertFree(hub);
});

test('a client that goes away while it reads is let go of, however the framework tells', async (t) => {
  const { hub } = await startHub(t, ONE);
  for (const leave of ['abort', 'cancel'] as const) {
    const { client, response } = ask(hub, '/channels/scores', SSE);
    const reader = (await response).body!.getReader();
    await readUntil(reader, /id:/);
    assert.equal(openIn(hub).length, 1);
    if (leave === 'abort') client.abort();
    else await reader.cancel();
    await assertFree(hub);
  }
});

test('a client that had gone before it was heard is not served', async (t) => {
  const { hub } = await startHub(t, ONE);
  const { client, response } = ask(hub, '/channels/scores', SSE);
  client.abort();
  assert.equal((await response).status, 499);
  const gone = new Request('http://localhost/channels/scores', { headers: SSE, signal: AbortSignal.abort() });
  assert.equal((await hub.fetch(gone)).status, 499);
  await assertFree(hub);
});

test('a client that goes away from a server on Node is let go of', async (t) => {
  const { hub, url } = await startHub(t);
  const byFetch = await fetchUrlOf(url);
  for (const path of ['/channels/scores', '/channels/scores?wait=30&after=now']) {
    const sent = request(byFetch + path, { headers: path.includes('wait') ? {} : SSE, agent: new Agent() });
    sent.on('error', () => {}).end();
    await untilOpen(hub, 1);
    sent.destroy();
    await untilOpen(hub, 0);
  }
});

test('a hub that closes ends what it streams and answers what is parked', async (t) => {
  const { hub } = await startHub(t);
  const stream = (await ask(hub, '/channels/scores', SSE).response).body!.getReader();
  const parked = ask(hub, '/channels/scores?wait=30&after=now').response;
  await untilOpen(hub, 2);
  await hub.close({ drainMs: 0 });
  assert.equal((await parked).status, 200);
  while (!(await stream.read()).done);
  const late = await ask(hub, '/channels/scores').response;
  assert.deepEqual([late.status, (await late.json()).code], [503, 'draining']);
});
