import { setTimeout as wait } from 'node:timers/promises';
import type { Reading } from './client.ts';

/** What one writes around a `fetch` or a WebSocket that has failed: wait, and again. In milliseconds. */
export const AGAIN_MS = 1000;

/** Does it again and again, until the reading ends. @param turn resolves to how long to wait before the next, in milliseconds */
export async function repeat({ signal, reception }: Reading, turn: () => Promise<number>): Promise<void> {
  while (!signal.aborted) {
    const waitMs = await turn().catch((error: unknown) => {
      if (!signal.aborted) reception.say(sentenceOf(error));
      return AGAIN_MS;
    });
    await wait(waitMs, undefined, { signal }).catch(() => {});
  }
}

/**
 * Gives up after so many milliseconds, and when the reading ends. Node 20 collects an `AbortSignal.timeout` that only an
 * `AbortSignal.any` holds, and what waits for it waits for ever.
 */
export async function within<T>(
  ms: number,
  { signal }: Reading,
  ask: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const limit = new AbortController();
  const end = () => limit.abort();
  const timer = setTimeout(() => limit.abort(new Error('gave up waiting')), ms);
  signal.addEventListener('abort', end);
  try {
    return await ask(limit.signal);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', end);
  }
}

/** `fetch` says "fetch failed" of everything: the reason is its cause. */
export function sentenceOf(error: unknown): string {
  const { message, cause } = error as Error & { readonly cause?: { code?: string; message?: string } };
  return cause?.code ?? cause?.message ?? message;
}
