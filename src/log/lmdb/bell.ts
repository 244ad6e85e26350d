import { closeSync, type FSWatcher, openSync, watch, writeSync } from 'node:fs';
import type { Runtime, Timer } from '../../protocol/runtime.ts';

/** How long a process that missed the bell takes to look by itself: some file systems tell of nothing. */
const LOOK_MS = 50;

/**
 * Wakes the processes that share a directory, by a byte written to a file that all of them watch. A ring
 * says only that there is something to look for: missed or doubled, it does no harm.
 */
export class Bell {
  readonly #file: number;
  readonly #watcher: FSWatcher;
  readonly #timer: Timer;
  readonly #runtime: Runtime;

  constructor(path: string, onRing: () => void, runtime: Runtime) {
    this.#file = openSync(path, 'w', 0o600);
    this.#watcher = watch(path, { persistent: false }, onRing).on('error', () => this.#watcher.close());
    this.#runtime = runtime;
    this.#timer = runtime.setInterval(onRing, LOOK_MS);
    this.#timer.unref();
  }

  ring(): void {
    try {
      writeSync(this.#file, '!', 0);
    } catch {
      // On a full disk, say: what was appended is there all the same, and the others look by themselves.
    }
  }

  close(): void {
    this.#runtime.clear(this.#timer);
    this.#watcher.close();
    closeSync(this.#file);
  }
}
