import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openPage } from './support/chromium.ts';
import { echo } from './support/echo.ts';
import { queue, startServing } from './support/serving.ts';

const MESSAGES = 1_000;
const ECHO_BYTES = 200_006;
const SESSIONS = 20;
const CODE = 42;

test('Chromium', async (t) => {
  const page = await openPage(t);

  await t.test('reads 1,000 messages in order from a stream of the server’s', async (t) => {
    const { server, certificate, accepted } = await startServing(t);
    const lines = Array.from({ length: MESSAGES }, (_, index) => `message ${index}\n`);
    void accepted().then((session) => {
      const stream = session.openUnidirectional();
      for (const line of lines) stream.write(Buffer.from(line));
      stream.end();
    });
    const text = await page.evaluate(
      async ([port, hash]) => {
        const serverCertificateHashes = [{ algorithm: 'sha-256', value: new Uint8Array(hash) }];
        const client = new WebTransport(`https://127.0.0.1:${port}/`, { serverCertificateHashes });
        await client.ready;
        const { value } = await client.incomingUnidirectionalStreams.getReader().read();
        const received = await new Response(value as ReadableStream).text();
        client.close();
        return received;
      },
      [server.port, [...certificate.hash]] as const,
    );
    assert.equal(text, lines.join(''));
  });

  await t.test('gets back what it writes to a stream of both directions', async (t) => {
    const { server, certificate, accepted } = await startServing(t);
    void accepted().then((session) => {
      session.onstream = echo;
    });
    const received = await page.evaluate(
      async ([port, hash, bytes]) => {
        const serverCertificateHashes = [{ algorithm: 'sha-256', value: new Uint8Array(hash) }];
        const client = new WebTransport(`https://127.0.0.1:${port}/`, { serverCertificateHashes });
        await client.ready;
        const { readable, writable } = await client.createBidirectionalStream();
        const writer = writable.getWriter();
        void writer.write(new Uint8Array(bytes).fill(65)).then(() => writer.close());
        const text = await new Response(readable as ReadableStream).text();
        client.close();
        return { length: text.length, isSame: /^A+$/.test(text) };
      },
      [server.port, [...certificate.hash], ECHO_BYTES] as const,
    );
    assert.deepEqual(received, { length: ECHO_BYTES, isSame: true });
  });

  await t.test('exchanges datagrams, and cancels and closes with its codes', async (t) => {
    const { server, certificate, accepted } = await startServing(t);
    const stopped = queue<number>();
    const closed = queue<object>();
    void accepted().then((session) => {
      session.ondatagram = (bytes) => session.sendDatagram(bytes);
      session.onclose = (closeCode, reason) => closed.put({ closeCode, reason });
      const stream = session.openUnidirectional();
      stream.onstop = stopped.put;
      stream.write(Buffer.from('something'));
    });
    const text = await page.evaluate(
      async ([port, hash, streamErrorCode]) => {
        const serverCertificateHashes = [{ algorithm: 'sha-256', value: new Uint8Array(hash) }];
        const client = new WebTransport(`https://127.0.0.1:${port}/`, { serverCertificateHashes });
        await client.ready;
        const datagrams = client.datagrams as unknown as {
          writable: WritableStream;
          readable: ReadableStream;
        };
        const writer = datagrams.writable.getWriter();
        // Any of them may be lost.
        const again = setInterval(() => writer.write(new TextEncoder().encode('ping')).catch(() => {}), 50);
        const { value } = await datagrams.readable.getReader().read();
        clearInterval(again);
        const stream = (await client.incomingUnidirectionalStreams.getReader().read())
          .value as ReadableStream;
        await stream.cancel(new WebTransportError({ streamErrorCode } as never));
        Object.assign(globalThis, { client });
        return new TextDecoder().decode(value);
      },
      [server.port, [...certificate.hash], CODE] as const,
    );
    assert.equal(text, 'ping');
    assert.equal(await stopped.take(), CODE);
    await page.evaluate(() => {
      const { client } = globalThis as unknown as { client: WebTransport };
      client.close({ closeCode: 7, reason: 'bye' });
    });
    assert.deepEqual(await closed.take(), { closeCode: 7, reason: 'bye' });
  });

  await t.test(`has ${SESSIONS} sessions at once, and hears how the server closes them`, async (t) => {
    const { server, certificate, accepted } = await startServing(t);
    for (let index = 0; index < SESSIONS; index++) {
      void accepted().then((session) => {
        session.onstream = () => session.close(3, 'enough');
      });
    }
    const ends = await page.evaluate(
      async ([port, hash, count]) => {
        const serverCertificateHashes = [{ algorithm: 'sha-256', value: new Uint8Array(hash) }];
        const clients = Array.from(
          { length: count },
          () => new WebTransport(`https://127.0.0.1:${port}/`, { serverCertificateHashes }),
        );
        return Promise.all(
          clients.map(async (client) => {
            await client.ready;
            const writer = (await client.createUnidirectionalStream()).getWriter();
            // The end may come before the write is done with.
            writer.write(new Uint8Array(1)).catch(() => {});
            writer.closed.catch(() => {});
            const { closeCode, reason } = await client.closed;
            return `${closeCode} ${reason}`;
          }),
        );
      },
      [server.port, [...certificate.hash], SESSIONS] as const,
    );
    assert.deepEqual(ends, Array(SESSIONS).fill('3 enough'));
  });

  await t.test('is refused with another certificate', async (t) => {
    const { server } = await startServing(t);
    const message = await page.evaluate(async (port) => {
      const serverCertificateHashes = [{ algorithm: 'sha-256', value: new Uint8Array(32) }];
      const client = new WebTransport(`https://127.0.0.1:${port}/`, { serverCertificateHashes });
      client.closed.catch(() => {});
      return client.ready.then(
        () => 'ready',
        (error) => error.message,
      );
    }, server.port);
    assert.match(message, /handshake failed/i);
  });
});
