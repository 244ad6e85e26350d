import { once } from 'node:events';
import { startChild } from '../child.ts';
import type { FromLossProcess, Loss } from './loss.ts';

/** It takes six seconds where nothing else runs. */
const MAX_RUN_MS = 50_000;

/** Loses a packet for two transports, in a process of its own, and tells when each message arrived. @throws Error */
export async function measureLoss(): Promise<Loss> {
  const child = startChild(new URL('./loss-process.js', import.meta.url));
  const late = AbortSignal.timeout(MAX_RUN_MS);
  try {
    const ended = once(child, 'exit', { signal: late }).then(([code, signal]) => {
      throw new Error(`the process ended with ${signal ?? code}`);
    });
    const [message] = (await Promise.race([once(child, 'message', { signal: late }), ended])) as [
      FromLossProcess,
    ];
    if (message.kind === 'failed') throw new Error(message.detail);
    const { kind: _, ...loss } = message;
    return loss;
  } finally {
    child.kill('SIGKILL');
  }
}
