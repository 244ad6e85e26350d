import { FanwireError } from '../protocol/errors.ts';
import type { Environment } from './environment.ts';
import { errorOf, failureOf, GARBLED, isTemporary, TransportError } from './failure.ts';
import type { Outbox } from './outbox.ts';
import { ask } from './transports/ask.ts';

const MAX_FRAMES = 100;
const MAX_BYTES = 64 * 1024;
/** What the slowest network that is waited for carries in a millisecond. */
const LEAST_BYTES_PER_MS = 4;

const GIVEN_UP = new TransportError('cut', 'given up with the link');

// Shared by all lanes: a carrier is never one of two things.
let carriers = 0;

export interface Upstream {
  /** Sends all that is to be sent by now. */
  post(): void;
  /** The way down was lost, and so this one may be dead: what is under way is given up, and sent again. */
  abort(): void;
}

/**
 * The way up over HTTP: one request at a time, as two under way at once would reorder what they carry.
 * @param limitMs how long the hub may take for an answer
 */
export function createUpstream(environment: Environment, outbox: Outbox, limitMs: number): Upstream {
  let under: AbortController | undefined;

  const post = async () => {
    if (under) return;
    const carrier = --carriers;
    const frames = outbox.take(carrier, MAX_FRAMES, MAX_BYTES);
    if (frames.length === 0) return;
    const own = new AbortController();
    under = own;
    const sendingMs = frames.join('').length / LEAST_BYTES_PER_MS;
    try {
      const answer = await ask(environment, { frames }, own, limitMs + sendingMs);
      const replies = answer.filter((frame) => 'ok' in frame || 'error' in frame);
      if (replies.length === 0) throw GARBLED;
      for (const frame of replies) {
        if ('error' in frame && frame.ref === undefined) throw errorOf(frame.error);
        outbox.answer(frame);
      }
    } catch (error) {
      const { final, cause, code, detail, retryAfterMs } = environment.tokens.judge(failureOf(error));
      const refused = final || (code && !isTemporary(code) && cause !== 'unauthenticated');
      if (refused) outbox.lost(carrier, new FanwireError(code!, detail));
      else if (own.signal.reason !== GIVEN_UP) outbox.hold(retryAfterMs);
    }
    under = undefined;
    outbox.lost(carrier);
  };

  return { post, abort: () => under?.abort(GIVEN_UP) };
}
