import type { Runtime } from '../../protocol/runtime.ts';
import { unavailable } from './unavailable.ts';

/** What the calls weigh together that wait for an answer; what comes beyond is refused. */
const MAX_PENDING = 10_000;

/** The engine has not answered within the time limit. */
export class TimedOut extends Error {}

/**
 * Passes an answer on, unless it takes longer than it may.
 * @throws TimedOut, and what the answer throws
 */
export async function within<Answer>(runtime: Runtime, ms: number, answer: Promise<Answer>): Promise<Answer> {
  let timer: ReturnType<Runtime['setTimeout']> | undefined;
  const timeUp = new Promise<never>((_, reject) => {
    timer = runtime.setTimeout(() => reject(new TimedOut(`no answer within ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([answer, timeUp]);
  } finally {
    runtime.clear(timer);
  }
}

/** The calls to an engine that are on their way: so many at most, and none for longer than its time limit. */
export class Calls {
  readonly #engine: string;
  readonly #timeoutMs: number;
  readonly #runtime: Runtime;
  #pending = 0;

  /** @param engine its name, for the operator */
  constructor(engine: string, timeoutMs: number, runtime: Runtime) {
    this.#engine = engine;
    this.#timeoutMs = timeoutMs;
    this.#runtime = runtime;
  }

  /**
   * @param weight how many messages it carries
   * @throws FanwireError `log_unavailable` for one too many; TimedOut; what the call throws
   */
  async ask<Answer>(call: () => Promise<Answer>, weight = 1): Promise<Answer> {
    if (this.#pending >= MAX_PENDING) {
      throw unavailable(`${MAX_PENDING} calls wait for ${this.#engine} already`);
    }
    this.#pending += weight;
    try {
      return await within(this.#runtime, this.#timeoutMs, call());
    } finally {
      this.#pending -= weight;
    }
  }
}
