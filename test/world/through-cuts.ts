import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { startProxy } from '../support/proxy/proxy.ts';
import type { Program } from './program.ts';

interface Sides {
  /** Publishes to the channel that the reader reads. Resolves with the ids. */
  publish(values: readonly number[]): Promise<string[]>;
  /** A reader of nine messages, from now on. It prints where it starts, then each message. */
  start(url: string): Program;
}

/** Cuts a reader off from its hub three times, and holds it to having read everything in order, each once. */
export async function readThroughCuts(
  t: TestContext,
  port: number,
  { publish, start }: Sides,
): Promise<void> {
  const proxy = await startProxy(t, port);
  const reader = start(proxy.url);
  const { position } = await reader.json<{ position: string }>();
  assert.match(position, /^\w+\.0$/);

  const read: unknown[] = [];
  const ids: string[] = [];
  // Cut before its first message, too: a place that it was told of and not one that it has read to.
  for (const values of [
    [1, 2, 3],
    [4, 5, 6],
    [7, 8, 9],
  ]) {
    await proxy.until(() => proxy.open > 0);
    const next = proxy.nextRequest();
    proxy.resetAll();
    // While nobody listens, and again once somebody does.
    ids.push(...(await publish(values.slice(0, 2))));
    await next;
    ids.push(...(await publish(values.slice(2))));
    while (read.length < ids.length) read.push(await reader.json());
  }
  assert.deepEqual(
    read,
    ids.map((id, index) => ({ id, data: index + 1 })),
  );
  assert.deepEqual(await reader.rest(), [], 'nothing but messages came');
}
