import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import * as v from 'valibot';
import { keyPair, openClientPage, startSecureHub } from './support/chromium-client.ts';

const LINES = 3;
const tls = keyPair();
const hash = [...Buffer.from(new X509Certificate(tls.cert).fingerprint256.replaceAll(':', ''), 'hex')];

/** What the page has of each kind: lines of the stream, answers to what it published, datagrams. */
interface Seen {
  readonly lines: { data?: unknown; heartbeat?: unknown }[];
  readonly answers: { ack?: { id: string }; error?: { code: string } }[];
  readonly datagrams: { data?: unknown }[];
}

/** Opens a session in the page, publishes what is given, and reads until there is so much of each kind. */
function session(
  page: Page,
  url: string,
  given: { both?: string; oneWay?: string; datagram?: string; lines?: number; datagrams?: number },
): Promise<Seen | 'refused'> {
  return page.evaluate(
    async ({ url, hash, both, oneWay, datagram, lines = 0, datagrams = 0 }) => {
      const serverCertificateHashes = [{ algorithm: 'sha-256', value: new Uint8Array(hash) }];
      const session = new WebTransport(url, { serverCertificateHashes });
      const closed = session.closed.catch(() => {});
      try {
        await session.ready;
      } catch {
        await closed;
        return 'refused';
      }
      const seen: Seen = { lines: [], answers: [], datagrams: [] };
      const bytesOf = (text: string) => new TextEncoder().encode(text);
      const read = async (stream: ReadableStream<Uint8Array>, into: object[], enough: number) => {
        const reader = stream.getReader();
        const decoder = new TextDecoder();
        let rest = '';
        while (into.length < enough) {
          const { value, done } = await reader.read();
          if (done) return;
          const parts = (rest + decoder.decode(value, { stream: true })).split('\n');
          rest = parts.pop()!;
          for (const part of parts) {
            const frame = part === '' ? {} : JSON.parse(part);
            if (part !== '' && !('heartbeat' in frame)) into.push(frame);
          }
        }
      };
      const incoming = session.incomingUnidirectionalStreams.getReader();
      const { value } = await incoming.read();
      const reading = read(value as ReadableStream<Uint8Array>, seen.lines, lines);
      const answered = (async () => {
        if (both === undefined) return;
        const { readable, writable } = await session.createBidirectionalStream();
        const writer = writable.getWriter();
        await writer.write(bytesOf(both));
        await writer.close();
        await read(readable as ReadableStream<Uint8Array>, seen.answers, Number.POSITIVE_INFINITY);
      })();
      await answered;
      if (oneWay !== undefined) {
        const writer = (
          (await session.createUnidirectionalStream()) as WritableStream<Uint8Array>
        ).getWriter();
        await writer.write(bytesOf(oneWay));
        await writer.close();
      }
      const pipe = session.datagrams as unknown as { readable: ReadableStream; writable: WritableStream };
      // Any may be lost: it is sent until one has come back.
      let again: ReturnType<typeof setInterval> | undefined;
      if (datagram !== undefined) {
        const writer = pipe.writable.getWriter();
        await writer.write(bytesOf(datagram));
        again = setInterval(() => void writer.write(bytesOf(datagram)), 1_000);
      }
      const reader = pipe.readable.getReader();
      while (seen.datagrams.length < datagrams) {
        const { value } = await reader.read();
        seen.datagrams.push(JSON.parse(new TextDecoder().decode(value)));
      }
      clearInterval(again);
      await reading;
      session.close();
      return seen;
    },
    { url, hash, ...given },
  );
}

const dataOf = (items: readonly { data?: unknown }[]) => items.map(({ data }) => data);

test('with nothing but WebTransport', { timeout: 90_000 }, async (t) => {
  const { hub, url } = await startSecureHub(t, { channels: { lines: { message: v.string() } } }, { tls });
  const page = await openClientPage(t, url);

  await t.test('a channel is lines of JSON from a position on', async () => {
    const ids: string[] = [];
    for (let data = 0; data < LINES; data++) ids.push((await hub.publish('history', data)).id);
    const seen = await session(page, `${url}/channels/history?after=${ids[0]}`, { lines: 2 });
    assert.deepEqual(seen !== 'refused' && dataOf(seen.lines), [1, 2]);
  });

  await t.test('a line publishes, and is answered on a stream of both directions', async () => {
    const given = { both: '"first"\n{"wrong":\n2\n"second"', oneWay: '"third"\n', lines: LINES };
    const seen = await session(page, `${url}/channels/lines`, given);
    assert.ok(seen !== 'refused');
    assert.deepEqual(dataOf(seen.lines), ['first', 'second', 'third']);
    assert.deepEqual(
      seen.answers.map(({ ack, error }) => error?.code ?? typeof ack?.id),
      ['string', 'invalid_json', 'invalid_data', 'string'],
    );
  });

  await t.test(
    'a datagram publishes, and is one to who asks for them; what is too large comes on the stream',
    async () => {
      const large = 'x'.repeat(3_000);
      // The large one is through before the small one is sent: nothing that could push it out of a buffer is on its way.
      const given = { both: `"${large}"\n`, datagram: '"small"', lines: 1, datagrams: 1 };
      const seen = await session(page, `${url}/channels/datagrams?unreliable`, given);
      assert.ok(seen !== 'refused');
      assert.deepEqual([dataOf(seen.lines), dataOf(seen.datagrams)], [[large], ['small']]);
    },
  );

  await t.test(
    'a page of another origin is refused, and so is who shows no token, and a channel that can be none',
    async (t) => {
      const other = await startSecureHub(t, { origins: ['https://elsewhere.example'] }, { tls });
      const asking = await startSecureHub(t, { authorise: () => undefined }, { tls });
      for (const refused of [
        `${other.url}/channels/a`,
        `${asking.url}/channels/a`,
        `${url}/channels/_%20`,
        `${url}/none`,
      ]) {
        assert.equal(await session(page, refused, {}), 'refused', refused);
      }
    },
  );
});
