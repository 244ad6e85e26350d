import { setImmediate as nextTurn } from 'node:timers/promises';
import type { FanwireError } from '../../protocol/errors.ts';
import { pause, type Runtime } from '../../protocol/runtime.ts';
import { unavailable } from '../kit/unavailable.ts';
import { countWithin } from '../kit/weight.ts';

/** What jobs weigh that share a transaction, which bounds how long it halts this process. */
const WEIGHT_PER_COMMIT = 1_000;

/** Something to do in a transaction. */
type Job<Tools> = (tools: Tools) => unknown;

/** Does jobs in one transaction, and resolves with their results once that is on disk. */
type Commit<Tools> = (jobs: readonly Job<Tools>[]) => Promise<readonly unknown[]>;

interface Waiting<Tools> {
  readonly job: Job<Tools>;
  readonly weight: number;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: FanwireError) => void;
}

type State =
  | { readonly kind: 'idle' }
  | { readonly kind: 'committing' }
  /** The commit under way has taken too long; it may yet end well. */
  | { readonly kind: 'stalled' };

/**
 * Brings jobs to disk in the order they come, all that came meanwhile together: a disk that syncs a thousand times a second
 * takes far more than a thousand messages.
 */
export class GroupCommit<Tools> {
  readonly #commit: Commit<Tools>;
  readonly #timeoutMs: number;
  readonly #runtime: Runtime;
  #queue: Waiting<Tools>[] = [];
  #state: State = { kind: 'idle' };
  #run: Promise<void> = Promise.resolve();

  constructor(commit: Commit<Tools>, timeoutMs: number, runtime: Runtime) {
    this.#commit = commit;
    this.#timeoutMs = timeoutMs;
    this.#runtime = runtime;
  }

  /**
   * @param weight how many messages it writes
   * @throws FanwireError `log_unavailable`, after twice the time limit at most; the job may be done all the same
   */
  add<Result>(job: (tools: Tools) => Result, weight = 1): Promise<Result> {
    if (this.#state.kind === 'stalled') return Promise.reject(unconfirmed(STALLED));
    return new Promise((resolve, reject) => {
      this.#queue.push({ job, weight, resolve: (result) => resolve(result as Result), reject });
      if (this.#state.kind === 'idle') this.#run = this.#commitAll();
    });
  }

  /** Resolves once nothing is under way, and tells whether that is so: a stalled commit is not waited for. */
  async settled(): Promise<boolean> {
    await Promise.race([this.#run, pause(this.#runtime, this.#timeoutMs)]);
    return this.#state.kind === 'idle';
  }

  async #commitAll(): Promise<void> {
    this.#state = { kind: 'committing' };
    while (this.#queue.length > 0) {
      // What else the sockets of this turn bring is to come along.
      await nextTurn();
      await this.#commitSome(this.#queue.splice(0, countWithin(WEIGHT_PER_COMMIT, this.#queue)));
    }
    this.#state = { kind: 'idle' };
  }

  async #commitSome(some: readonly Waiting<Tools>[]): Promise<void> {
    const watchdog = this.#runtime.setTimeout(() => {
      this.#state = { kind: 'stalled' };
      for (const { reject } of [...some, ...this.#queue.splice(0)]) reject(unconfirmed(STALLED));
    }, this.#timeoutMs);
    try {
      const results = await this.#commit(some.map(({ job }) => job));
      for (const [index, { resolve }] of some.entries()) resolve(results[index]);
    } catch (cause) {
      for (const { reject } of some) reject(unconfirmed('the disk did not take it', cause));
    } finally {
      this.#runtime.clear(watchdog);
      this.#state = { kind: 'committing' };
    }
  }
}

const STALLED = 'the disk, or another process that writes to the log, takes too long';

function unconfirmed(reason: string, cause?: unknown): FanwireError {
  const detail = cause instanceof Error ? `${reason}: ${cause.message}` : reason;
  return unavailable(`the log did not confirm the message: ${detail}`, cause);
}
