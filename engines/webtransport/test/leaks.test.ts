import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countClients } from '../src/client/dialer.ts';
import { echo } from './support/echo.ts';
import { next, readAll, writeAll } from './support/reading.ts';
import { clientOf, startServing } from './support/serving.ts';

const SESSIONS = 200;
const AT_ONCE = 20;

test(`${SESSIONS} sessions leave nothing behind, in no thread of either end`, async (t) => {
  const { server, certificate } = await startServing(t, {
    // Here and not later: a stream that comes before its session has `onstream` is nobody’s.
    onSession(request) {
      const session = request.accept();
      session.onstream = echo;
      const stream = session.openUnidirectional();
      stream.write(Buffer.from('welcome'));
      stream.end();
    },
  });
  let begun = 0;
  const visit = async () => {
    while (begun < SESSIONS) {
      const index = begun++;
      const client = clientOf(server.port, certificate);
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
