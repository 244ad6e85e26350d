import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { startChild } from '../child.ts';
import { MAX_PARKED, MAX_RUN_MS, MAX_SPREAD_MS, STEP_MS } from './bounds.ts';
import type { Arrivals, FromClients, FromCrowdHub, Memory, ToClients, ToCrowdHub } from './crowd-message.ts';

const READ_MS = 500;
/** The memory of a hub that has just begun still grows by itself. */
const SETTLING_READS = 3;

export type CrowdState = 'starting' | 'parking' | 'parked' | 'herd' | 'ended';

/** What became of one publish to all that were parked. */
export interface Herd {
  readonly spreadMs: number;
  readonly stepMs: number;
  /** Requests that came in each step since the publish. */
  readonly steps: readonly number[];
  /** From the publish to the last answer. */
  readonly answeredMs: number;
  /** The longest that the hub's event loop stood still meanwhile. */
  readonly longestDelayMs: number;
}

export interface CrowdListener {
  changed(state: CrowdState): void;
  read(memory: Memory): void;
  stampeded(herd: Herd): void;
  failed(detail: string): void;
}

/** A crowd of long polls, and the hub that they are parked at, each a process of its own. It ends by itself after `MAX_RUN_MS`. */
export class Crowd {
  readonly #listener: CrowdListener;
  readonly #hub = startChild(new URL('./hub-process.js', import.meta.url), { flags: ['--expose-gc'] });
  readonly #clients = startChild(new URL('./clients-process.js', import.meta.url));
  readonly #timers: ReturnType<typeof setTimeout>[] = [];
  #state: CrowdState = 'starting';
  #port: number | undefined;
  #reads = 0;
  #herd: { readonly spreadMs: number; arrivals?: Arrivals; lastAt?: number } | undefined;

  constructor(listener: CrowdListener) {
    this.#listener = listener;
    this.#hub.on('message', (message: FromCrowdHub) => this.#heardOfHub(message));
    this.#clients.on('message', (message: FromClients) => this.#heardOfClients(message));
    for (const child of [this.#hub, this.#clients]) {
      child.once('error', ({ message }) => this.#fail(message));
      child.once('exit', (code, signal) => this.#fail(`a process ended with ${signal ?? code}`));
    }
    this.#timers.push(
      setTimeout(() => this.end(), MAX_RUN_MS).unref(),
      setInterval(() => this.#read(), READ_MS).unref(),
    );
  }

  /** Publishes one message to all that are parked. @returns false unless they are */
  stampede(spreadMs: number): boolean {
    if (this.#state !== 'parked') return false;
    this.#herd = { spreadMs: Math.min(spreadMs, MAX_SPREAD_MS) };
    this.#become('herd');
    tell<ToClients>(this.#clients, { kind: 'herd', spreadMs: this.#herd.spreadMs });
    tell<ToCrowdHub>(this.#hub, { kind: 'publish', awaited: MAX_PARKED });
    return true;
  }

  end(): void {
    if (this.#state === 'ended') return;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#become('ended');
    this.#hub.kill('SIGKILL');
    this.#clients.kill('SIGKILL');
  }

  /** Resolves once both processes are gone. */
  async ended(): Promise<void> {
    const running = [this.#hub, this.#clients].filter(
      ({ exitCode, signalCode }) => exitCode === null && signalCode === null,
    );
    await Promise.all(running.map((child) => once(child, 'exit')));
  }

  #become(state: CrowdState): void {
    this.#state = state;
    this.#listener.changed(state);
  }

  /** A reading collects garbage first, which would be counted as a delay of a herd. */
  #read(): void {
    if (this.#port !== undefined && this.#state !== 'herd') tell<ToCrowdHub>(this.#hub, { kind: 'read' });
  }

  #heardOfHub(message: FromCrowdHub): void {
    switch (message.kind) {
      case 'listening':
        this.#port = message.port;
        break;
      case 'memory': {
        const { kind: _, ...memory } = message;
        this.#took(memory);
        break;
      }
      case 'arrivals':
        if (this.#herd) this.#herd.arrivals = message;
        this.#conclude();
    }
  }

  #took(memory: Memory): void {
    this.#reads += 1;
    if (this.#state === 'starting' && this.#reads < SETTLING_READS) return;
    this.#listener.read(memory);
    if (this.#state === 'starting') {
      this.#become('parking');
      tell<ToClients>(this.#clients, { kind: 'park', port: this.#port!, count: MAX_PARKED });
    } else if (this.#state === 'parking' && memory.parked === MAX_PARKED) this.#become('parked');
  }

  #heardOfClients(message: FromClients): void {
    if (message.kind === 'failed') this.#fail(message.detail);
    else if (this.#herd) {
      this.#herd.lastAt = message.lastAt;
      this.#conclude();
    }
  }

  #conclude(): void {
    const { arrivals, lastAt, spreadMs } = this.#herd ?? {};
    if (!arrivals || lastAt === undefined || spreadMs === undefined) return;
    this.#herd = undefined;
    const { publishedAt, steps, longestDelayMs } = arrivals;
    const answeredMs = lastAt - publishedAt;
    this.#listener.stampeded({ spreadMs, stepMs: STEP_MS, steps, answeredMs, longestDelayMs });
    // Until the next reading says so, nobody knows that all are parked again.
    this.#become('parking');
  }

  #fail(detail: string): void {
    if (this.#state === 'ended') return;
    this.#listener.failed(detail);
    this.end();
  }
}

function tell<Message extends object>(child: ChildProcess, message: Message): void {
  if (child.connected) child.send(message, () => {});
}
