import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { WebTransport } from '@fanwire/webtransport/client';
import type { HubOptions } from '../../src/index.ts';
import { startHub, webTransportPortOf } from '../support/hub.ts';
import { metricsOf, metricValue } from '../support/metrics.ts';
import { onEnd } from '../support/on-end.ts';

const MIB = 1024 * 1024;

/** A session on a channel, and what the hub holds of what was received. At the end nothing may be held. */
async function attack(t: TestContext, options: HubOptions = {}) {
  const { hub, url } = await startHub(t, options);
  const port = await webTransportPortOf(url);
  const session = new WebTransport(`https://127.0.0.1:${port}/channels/a`, { rejectUnauthorized: false });
  await session.ready;
  const held = async () => metricValue(await metricsOf(url), /_received_bytes$/);
  const untilHeld = async (holds: (bytes: number) => boolean) => {
    while (!holds(await held())) await turn();
  };
  onEnd(t, async () => {
    session.close();
    await untilHeld((bytes) => bytes === 0);
  });
  return { hub, session, held, untilHeld };
}

/** All that comes on a stream, until its end. */
async function linesOf(stream: ReadableStream<Uint8Array>) {
  return (await new Response(stream).text())
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as { ack?: object; error?: { code: string } });
}

const bytesOf = (text: string) => new TextEncoder().encode(text);

test('a line without an end is answered at the limit, and its stream stopped', {
  timeout: 60_000,
}, async (t) => {
  const { session } = await attack(t);
  const { readable, writable } = await session.createBidirectionalStream();
  const writer = writable.getWriter();
  const goOn = async () => {
    for (;;) await writer.write(new Uint8Array(64 * 1024).fill(0x78));
  };
  // Expected from the start: it may come before the answer has been read.
  const stopped = assert.rejects(goOn());
  const lines = await linesOf(readable);
  assert.deepEqual(
    lines.map(({ error }) => error?.code),
    ['message_too_large'],
  );
  await stopped;
});

test('ten thousand lines at once are all answered, and held back meanwhile', {
  timeout: 60_000,
}, async (t) => {
  const limits = { publishesPerSecond: 100_000, receivedBytesPerConnection: 16 * 1024 };
  const { session, held } = await attack(t, { limits });
  const { readable, writable } = await session.createBidirectionalStream();
  const writer = writable.getWriter();
  void writer.write(bytesOf('"x"\n'.repeat(10_000))).then(() => writer.close());
  let most = 0;
  let goesOn = true;
  const looking = (async () => {
    while (goesOn) most = Math.max(most, await held());
  })();
  const lines = await linesOf(readable);
  goesOn = false;
  await looking;
  assert.equal(lines.filter(({ ack }) => ack).length, 10_000);
  // What may be at work, and what the engine reads ahead.
  assert.ok(most < 16 * 1024 + 128 * 1024, `${most} bytes were held`);
});

test('lines that stop before their end hold no more than an address may, on however many streams', {
  timeout: 60_000,
}, async (t) => {
  const limits = { receivedBytesPerAddress: 2 * MIB };
  const { session, held, untilHeld } = await attack(t, { limits });
  const refused: Promise<unknown>[] = [];
  for (let count = 0; count < 20; count++) {
    const { readable, writable } = await session.createBidirectionalStream();
    writable
      .getWriter()
      .write(new Uint8Array(200_000).fill(0x78))
      .catch(() => {});
    refused.push(linesOf(readable).then((lines) => lines[0]?.error?.code));
  }
  assert.equal(await Promise.race(refused), 'hub_busy');
  assert.ok((await held()) <= 2 * MIB);
  session.close();
  await Promise.allSettled(refused);
  await untilHeld((bytes) => bytes === 0);
});

test('streams given up in the midst of a line hold nothing', { timeout: 60_000 }, async (t) => {
  const { session, untilHeld } = await attack(t);
  const part = bytesOf('"not whole');
  for (let round = 0; round < 3; round++) {
    const writers = await Promise.all(
      Array.from({ length: 50 }, async () => (await session.createUnidirectionalStream()).getWriter()),
    );
    for (const writer of writers) await writer.write(part);
    await untilHeld((bytes) => bytes === 50 * part.length);
    for (const writer of writers) await writer.abort();
    await untilHeld((bytes) => bytes === 0);
  }
});
