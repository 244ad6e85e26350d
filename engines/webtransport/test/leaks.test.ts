import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countClients } from '../src/client/dialer.ts';
import { echo } from './support/echo.ts';
import { next, readAll, writeAll } from './support/reading.ts';
import { clientOf, startServing } from './support/serving.ts';

const SESSIONS = 500;
const AT_ONCE = 20;

test(`${SESSIONS} sessions leave nothing behind, in no thread of either end`, async (t) => {
  const { server, certificate, accepted } = await startServing(t);
  let begun = 0;
  const visit = async () => {
    while (begun < SESSIONS) {
      const index = begun++;
      const client = clientOf(server.port, certificate);
      await client.ready;
      const session = await accepted();
      session.onstream = echo;
      try {
        const stream = session.openUnidirectional();
        stream.write(Buffer.from('welcome'));
        stream.end();
      } catch {
        // Another visitor's, who had left its streams as they are and was gone already.
      }
      const { readable, writable } = await client.createBidirectionalStream();
      // Every other session leaves its streams as they are.
      if (index % 2 === 0) {
        await Promise.all([readAll(readable), writeAll(writable, Buffer.from('hello'))]);
        await readAll(await next(client.incomingUnidirectionalStreams));
      }
      client.close();
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, visit));
  let left: object;
  do {
    const { engine, thread } = await server.count();
    const clients = await countClients();
    left = [engine, thread, ...clients.flatMap((each) => [each.engine, each.thread])].map(withoutSize);
  } while (sum(left) > 0);
  assert.equal(sum(left), 0);
});

function withoutSize(counts: object): object {
  return { ...counts, goroutines: 0, heapBytes: 0 };
}

function sum(counts: unknown): number {
  if (typeof counts === 'number') return counts;
  return Object.values(counts as object).reduce((total, each) => total + sum(each), 0);
}
