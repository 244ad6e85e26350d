/**
 * A hub in a process of its own, so that its memory can be told from the test's. Run with --expose-gc.
 * It is told over the process channel what to publish, and answers with what it then holds.
 */
import { createHub } from '../../src/index.ts';

export interface PublishCommand {
  readonly messages: number;
  readonly bytesEach: number;
}

export interface PublishReport {
  readonly lastId: string;
  /** The most that was in use after a collection, measured now and again while publishing, in bytes. */
  readonly peakBytes: number;
}

const MEASUREMENTS = 10;

const hub = createHub({ channels: { feed: { retain: { count: 100 } } } });
const { port } = await hub.listen({ port: 0 });

process.on('message', async ({ messages, bytesEach }: PublishCommand) => {
  const filler = 'x'.repeat(bytesEach);
  let lastId = '';
  let peakBytes = 0;
  for (let index = 1; index <= messages; index++) {
    lastId = (await hub.publish('feed', filler)).id;
    // Sockets are written to and drained between turns.
    if (index % 16 === 0) await new Promise(setImmediate);
    if (index % Math.ceil(messages / MEASUREMENTS) === 0 || index === messages) {
      peakBytes = Math.max(peakBytes, bytesInUse());
    }
  }
  process.send!({ lastId, peakBytes } satisfies PublishReport);
});
process.on('disconnect', () => process.exit());
process.send!({ port });

function bytesInUse(): number {
  // Twice: buffers that a collection frees leave the account at the next one.
  globalThis.gc!();
  globalThis.gc!();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
