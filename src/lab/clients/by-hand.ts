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

/** `fetch` says "fetch failed" of everything: the reason is its cause. */
export function sentenceOf(error: unknown): string {
  const { message, cause, name } = error as Error & { readonly cause?: { code?: string; message?: string } };
  if (name === 'TimeoutError') return 'gave up waiting';
  return cause?.code ?? cause?.message ?? message;
}
