import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { createHub } from '../../create-hub.ts';
import { monotonicMs } from '../monotonic.ts';
import { CHANNEL, MAX_PARKED, MAX_SPREAD_MS, STEP_MS, WAIT_SECONDS } from './bounds.ts';
import type { FromCrowdHub, ToCrowdHub } from './crowd-message.ts';

/*
 * A hub for a crowd, as a process of its own, so that its memory is that of nothing else and its clients are no burden to
 * another hub: `crowd.ts` starts it, with `--expose-gc`.
 */

/** Those that have not come back by then are not waited for. */
const MAX_HERD_MS = MAX_SPREAD_MS + 10_000;
const DELAY_RESOLUTION_MS = 5;

const send = (message: FromCrowdHub) => void process.send?.(message, () => {});
const hub = createHub({
  limits: { waitSeconds: WAIT_SECONDS, connections: MAX_PARKED + 50 },
  channels: { [CHANNEL]: { publish: 'nobody', retain: { count: 10 } } },
});
/** Times of requests while a herd is counted. */
let arrivals: number[] | undefined;
const server = createServer((request, response) => {
  arrivals?.push(monotonicMs());
  hub.handler(request, response);
});
// Longer than any client of the crowd waits before it asks again on its connection.
server.keepAliveTimeout = 2 * MAX_SPREAD_MS;
server.listen({ port: 0, host: '127.0.0.1', backlog: MAX_PARKED }, () =>
  send({ kind: 'listening', port: (server.address() as AddressInfo).port }),
);

process.on('disconnect', () => process.exit());
process.on('message', (message: ToCrowdHub) => {
  if (message.kind === 'read') read();
  else void countHerd(message.awaited);
});

function read(): void {
  globalThis.gc?.();
  const { rss, heapUsed, external } = process.memoryUsage();
  const parked = hub.stats().connections['long-polling'] ?? 0;
  send({ kind: 'memory', rssBytes: rss, heldBytes: heapUsed + external, parked });
}

/** Publishes, and counts the requests that follow, until so many have come. */
async function countHerd(awaited: number): Promise<void> {
  const delay = monitorEventLoopDelay({ resolution: DELAY_RESOLUTION_MS });
  delay.enable();
  const came: number[] = [];
  arrivals = came;
  const publishedAt = monotonicMs();
  await hub.publish(CHANNEL, { goal: true });
  while (came.length < awaited && monotonicMs() - publishedAt < MAX_HERD_MS)
    await new Promise((resolve) => setTimeout(resolve, STEP_MS));
  arrivals = undefined;
  delay.disable();
  const steps: number[] = [];
  for (const at of came) {
    const step = Math.floor((at - publishedAt) / STEP_MS);
    steps[step] = (steps[step] ?? 0) + 1;
  }
  const longestDelayMs = Math.max(0, delay.max / 1e6 - DELAY_RESOLUTION_MS);
  send({ kind: 'arrivals', publishedAt, steps: Array.from(steps, (count) => count ?? 0), longestDelayMs });
}
