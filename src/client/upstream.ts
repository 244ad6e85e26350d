import { FanwireError } from '../protocol/errors.ts';
import type { Environment } from './environment.ts';
import { errorOf, failureOf, GARBLED, isTemporary } from './failure.ts';
import type { Outbox } from './outbox.ts';
import { ask } from './transports/ask.ts';

const MAX_FRAMES = 100;
const MAX_BYTES = 64 * 1024;
/** The slowest network that a request is given time for. */
const MIN_BYTES_PER_MS = 4;

/** Why a request ends whose frames are sent again without a wait. A failure has another reason. */
const GIVEN_UP = 'cut';

// Counted down for both outboxes, so that no two requests are the same carrier.
let carriers = 0;

export interface Upstream {
  /** Sends what the outbox has to send. */
  post(): void;
  /**
   * The link was lost, so that this request may be dead as well. What may be sent again is given up and sent again. What may
   * not waits on for its answer, and holds up nothing that comes after it.
   */
  abort(): void;
}

/**
 * Carries an outbox up over HTTP: one request at a time, because two at once would reorder their frames.
 * @param repeats whether a frame may be sent again
 * @param limitMs how long the hub may take for an answer
 */
export function createUpstream(
  environment: Environment,
  outbox: Outbox,
  repeats: boolean,
  limitMs: number,
): Upstream {
  let current: AbortController | undefined;

  const post = async () => {
    if (current) return;
    const carrier = --carriers;
    const frames = outbox.take(carrier, MAX_FRAMES, MAX_BYTES);
    if (!frames.length) return;
    const own = new AbortController();
    current = own;
    const sendingMs = frames.join('').length / MIN_BYTES_PER_MS;
    try {
      const answer = await ask(environment, { frames }, own, limitMs + sendingMs);
      const replies = answer.filter((frame) => 'ok' in frame || 'error' in frame);
      if (!replies.length) throw GARBLED;
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
    if (current === own) current = undefined;
    outbox.lost(carrier);
  };

  return {
    post,
    abort() {
      if (repeats) current?.abort(GIVEN_UP);
      else current = undefined;
    },
  };
}
