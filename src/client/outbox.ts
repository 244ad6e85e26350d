import { FanwireError } from '../protocol/errors.ts';
import type { ErrorFrame, OkFrame } from '../protocol/frames.ts';
import { type Runtime, SYSTEM_RUNTIME, type Timer } from '../protocol/runtime.ts';
import { toJson } from '../protocol/to-json.ts';
import { type Backoff, waitMs } from './connection/backoff.ts';
import { isTemporary } from './failure.ts';

interface Entry {
  readonly text: string;
  /** What carried the frame: links are positive, requests negative. Undefined while the frame is to be sent. */
  carrier: number | undefined;
  readonly resolve: (reply: OkFrame['ok']) => void;
  readonly reject: (error: unknown) => void;
}

export interface SendOptions {
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number;
}

/** The frames that have no answer yet, be they sent or not. */
export interface Outbox {
  /** @throws (rejects) FanwireError as the hub answered, `connection_lost` or `closed`; the signal's reason */
  add(body: object, options?: SendOptions): Promise<OkFrame['ok']>;
  /** The next frames to send, in order. From now on `carrier` has them. */
  take(carrier: number, maxFrames?: number, maxBytes?: number): string[];
  answer(frame: OkFrame | ErrorFrame): void;
  /** Whether an answer may still come over this carrier. */
  awaits(carrier: number): boolean;
  /**
   * The frames of this carrier are to be sent again, if they may. With a refusal they are rejected: all of them, or, if the
   * refusal says too large, the longest alone, as the others are not to blame.
   */
  lost(carrier: number, refusal?: FanwireError): void;
  /** Gives nothing out for as long as the hub asked for, else longer each time until an answer comes. */
  hold(hintMs?: number): void;
  /** A duplex link takes over: frames under way elsewhere are sent again, as the hub drops those that it has had. */
  requeue(): void;
  fail(error: FanwireError): void;
}

const connectionLost = () => new FanwireError('connection_lost', 'no answer');

/**
 * @param ready called when there is something to take
 * @param repeats whether a frame may be sent again; if not, it is rejected with `connection_lost`
 */
export function createOutbox(
  nextRef: () => number,
  ready: () => void,
  repeats: boolean,
  backoff: Backoff,
  runtime: Runtime = SYSTEM_RUNTIME,
): Outbox {
  // In the order of `ref`, which is the order of publishing.
  const entries = new Map<number, Entry>();
  /** While this timer runs nothing is given out. Not a time to compare with the clock, because a timer may fire early. */
  let held: Timer | undefined;
  let attempt = 0;

  const release = () => {
    runtime.clear(held);
    held = undefined;
  };
  const hold = (hintMs = 0) => {
    held ??= runtime.setTimeout(
      () => {
        release();
        ready();
      },
      waitMs(hintMs, attempt++, backoff, runtime.random()),
    );
  };

  const reject = (ref: number, reason: unknown) => {
    entries.get(ref)?.reject(reason);
    entries.delete(ref);
  };

  return {
    async add(body, { signal, timeoutMs } = {}) {
      signal?.throwIfAborted();
      const ref = nextRef();
      const abort = () => reject(ref, signal?.reason);
      const timer = timeoutMs
        ? runtime.setTimeout(() => reject(ref, connectionLost()), timeoutMs)
        : undefined;
      signal?.addEventListener('abort', abort);
      // Kept as text, because the caller may change the object, and it may be sent more than once.
      const text = toJson({ ref, ...body });
      try {
        return await new Promise((resolve, reject) => {
          entries.set(ref, { text, carrier: undefined, resolve, reject });
          ready();
        });
      } finally {
        runtime.clear(timer);
        signal?.removeEventListener('abort', abort);
      }
    },
    take(carrier, maxFrames = 1e9, maxBytes = 1e9) {
      const taken: string[] = [];
      if (held) return taken;
      let size = 0;
      for (const entry of entries.values()) {
        if (entry.carrier !== undefined) continue;
        size += entry.text.length;
        if (taken.length >= maxFrames || (taken.length && size > maxBytes)) break;
        entry.carrier = carrier;
        taken.push(entry.text);
      }
      return taken;
    },
    answer(frame) {
      const entry = entries.get(frame.ref!);
      if (!entry) return;
      if ('ok' in frame) {
        attempt = 0;
        entries.delete(frame.ref);
        return entry.resolve(frame.ok);
      }
      const { code, detail, retryAfter } = frame.error;
      if (!repeats || !isTemporary(code) || code === 'internal') {
        return reject(frame.ref!, new FanwireError(code, detail, frame.error));
      }
      // The hub gives the frames after this one the same answer until it gets this one again, so that order is kept.
      entry.carrier = undefined;
      hold(retryAfter && retryAfter * 1000);
    },
    awaits: (carrier) => [...entries.values()].some((entry) => entry.carrier === carrier),
    lost(carrier, refusal) {
      const gone = [...entries].filter(([, entry]) => entry.carrier === carrier);
      const longest = Math.max(...gone.map(([, { text }]) => text.length));
      for (const [ref, entry] of gone) {
        const spared = !refusal || (entry.text.length < longest && refusal.code.endsWith('_large'));
        if (!repeats || !spared) reject(ref, refusal ?? connectionLost());
        entry.carrier = undefined;
      }
      ready();
    },
    hold,
    requeue() {
      release();
      if (repeats) for (const entry of entries.values()) entry.carrier = undefined;
    },
    fail(error) {
      release();
      for (const ref of entries.keys()) reject(ref, error);
    },
  };
}
