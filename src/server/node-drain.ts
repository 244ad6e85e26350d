import type { Connection } from '../hub/connections/connection.ts';
import { drain, drainWindow } from './drain.ts';

/** A node that drains serves whoever comes all the same; one that closes refuses. */
export type NodeState = 'serving' | 'draining' | 'closing';

type State =
  | { readonly kind: 'serving' }
  | {
      readonly kind: 'draining';
      readonly since: number;
      readonly withinMs: number;
      readonly asked: number;
      /** Of the newest that was asked to leave: they are numbered as they come. */
      readonly lastId: number;
      readonly stop: AbortController;
    };

/** What a timer can count. */
const MAX_WITHIN_MS = 2 ** 31 - 1;

/** A node that an operator takes out of service for a while, clients first, and back. */
export class NodeDrain {
  readonly #connections: ReadonlySet<Connection>;
  #state: State = { kind: 'serving' };

  constructor(connections: ReadonlySet<Connection>) {
    this.#connections = connections;
  }

  get view() {
    const state = this.#state;
    if (state.kind === 'serving') return { state: 'serving' } as const;
    const { since, withinMs, asked, lastId } = state;
    let left = 0;
    for (const { id } of this.#connections) if (id <= lastId) left += 1;
    return { state: 'draining', since, withinMs, asked, left } as const;
  }

  /**
   * Begun again, those that came since are sent away as well.
   * @throws TypeError for a time that can't be waited
   */
  async begin(withinMs: number = drainWindow(this.#connections.size)): Promise<void> {
    if (!(withinMs >= 0 && withinMs <= MAX_WITHIN_MS)) {
      throw new TypeError(`withinMs takes milliseconds, 0 to ${MAX_WITHIN_MS}, not ${withinMs}`);
    }
    this.end();
    const stop = new AbortController();
    const lastId = [...this.#connections].at(-1)?.id ?? 0;
    const asked = this.#connections.size;
    this.#state = { kind: 'draining', since: Date.now(), withinMs, asked, lastId, stop };
    await drain(this.#connections, withinMs, stop.signal);
  }

  end(): void {
    if (this.#state.kind === 'draining') this.#state.stop.abort();
    this.#state = { kind: 'serving' };
  }
}
