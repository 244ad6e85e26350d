import { FanwireError } from '../protocol/errors.ts';
import type { Environment } from './environment.ts';
import { errorOf, failureOf, GARBLED } from './failure.ts';
import type { Outbox } from './outbox.ts';
import { ask } from './transports/ask.ts';

const MAX_FRAMES = 100;
const MAX_BYTES = 64 * 1024;
const LIMIT_MS = 60_000;

// Shared by all lanes: a carrier is never one of two things.
let carriers = 0;

/**
 * The way up over HTTP: one request at a time, as two under way at once would reorder what they carry.
 *
 * @returns what sends all that is to be sent by now
 */
export function createUpstream(environment: Environment, outbox: Outbox): () => void {
  let state: 'idle' | 'busy' = 'idle';

  return async () => {
    if (state === 'busy') return;
    const carrier = --carriers;
    const frames = outbox.take(carrier, MAX_FRAMES, MAX_BYTES);
    if (frames.length === 0) return;
    state = 'busy';
    try {
      const answer = await ask(environment, { frames }, new AbortController(), LIMIT_MS);
      const replies = answer.filter((frame) => 'ok' in frame || 'error' in frame);
      if (replies.length === 0) throw GARBLED;
      for (const frame of replies) {
        if ('error' in frame && frame.ref === undefined) throw errorOf(frame.error);
        outbox.answer(frame);
      }
    } catch (error) {
      const { final, code, detail, retryAfterMs } = environment.tokens.judge(failureOf(error));
      if (final) outbox.lost(carrier, new FanwireError(code!, detail));
      outbox.hold(retryAfterMs);
    }
    state = 'idle';
    outbox.lost(carrier);
  };
}
