import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { freePort } from '../../test/support/free-port.ts';
import { onEnd } from '../../test/support/on-end.ts';
import { CONFIG } from './channels.ts';
import type { Journal } from './journal.ts';

const WITHIN = pathToFileURL(new URL('./within.js', import.meta.url).pathname).href;
const END_MS = 20_000;
/** Of what it says so much is kept. */
const TAIL = 1200;

/** Files that a node may open: more than the clients of a run need. */
export const OPEN_FILES = 250;

/** `fanwire serve` as an installed package runs it, on a port that it keeps when it is started again. */
export class NodeProcess {
  readonly port: number;
  readonly #journal: Journal;
  readonly #args: readonly string[];
  readonly #directory: string;
  #child: ChildProcess | undefined;
  #output = '';
  /** Workers that the run has killed, and whose deaths the supervisor has not told of. */
  #killed = 0;
  #expected = false;

  static async start(
    t: TestContext,
    journal: Journal,
    directory: string,
    args: readonly string[],
  ): Promise<NodeProcess> {
    const node = new NodeProcess(journal, mkdtempSync(join(directory, 'node-')), await freePort(), args);
    onEnd(t, () => node.#remove());
    await node.start();
    return node;
  }

  private constructor(journal: Journal, directory: string, port: number, args: readonly string[]) {
    this.#journal = journal;
    this.#directory = directory;
    this.port = port;
    const config = join(directory, 'config.json');
    writeFileSync(config, JSON.stringify(CONFIG));
    this.#args = ['serve', '--port', `${port}`, '--config', config, ...args];
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Resolves once it answers that it is well. */
  async start(): Promise<void> {
    for (const name of readdirSync(this.#directory)) {
      if (/^(worker|primary)\./.test(name)) rmSync(join(this.#directory, name));
    }
    this.#expected = false;
    const limited = `ulimit -n ${OPEN_FILES} && exec "$0" "$@"`;
    const child = spawn('sh', ['-c', limited, process.execPath, 'dist/cli/main.js', ...this.#args], {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...process.env, NODE_OPTIONS: `--import=${WITHIN}`, FAULTS_DIRECTORY: this.#directory },
    });
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => this.#hear(text));
    }
    child.on('exit', (code, signal) => {
      if (this.#expected) return;
      this.#journal.violate(
        9,
        `node ${this.port} ended by itself: ${signal ?? code}; it said: ${this.#output.trim()}`,
      );
      // As a supervisor does, so that the run says more than this.
      this.start().catch((error) => this.#journal.violate(9, String(error)));
    });
    await this.untilWell();
  }

  /** @throws Error if it ends before */
  async untilWell(): Promise<void> {
    while (!(await this.#isWell())) {
      if (this.#hasEnded()) throw new Error(`node ${this.port} does not start: ${this.#output.trim()}`);
      await delay(30);
    }
  }

  async #isWell(): Promise<boolean> {
    const answer = await fetch(`${this.url}/healthz`, { signal: AbortSignal.timeout(3000) }).catch(
      () => undefined,
    );
    await answer?.body?.cancel();
    return answer?.status === 200;
  }

  /** As a power cut ends it: of workers one, which its supervisor replaces. */
  async kill(): Promise<void> {
    const worker = this.#processes('worker').find((id) => signalTo(id, 'SIGKILL'));
    if (worker !== undefined) {
      this.#killed++;
      rmSync(join(this.#directory, `worker.${worker}`));
      return;
    }
    this.#expected = true;
    await this.#end('SIGKILL');
    await this.start();
  }

  /** As its supervisor ends it. */
  async terminate(): Promise<void> {
    this.#expected = true;
    const late = setTimeout(() => {
      this.#journal.violate(9, `node ${this.port} had not ended ${END_MS} ms after SIGTERM`);
      this.#signalAll('SIGKILL');
    }, END_MS);
    await this.#end('SIGTERM');
    clearTimeout(late);
    const { exitCode, signalCode } = this.#child!;
    if (exitCode !== 0)
      this.#journal.violate(9, `node ${this.port} ended with ${signalCode ?? exitCode} by SIGTERM`);
  }

  freeze(): void {
    this.#signalAll('SIGSTOP');
  }

  thaw(): void {
    this.#signalAll('SIGCONT');
  }

  setClock(offsetMs: number): void {
    writeFileSync(join(this.#directory, 'clock'), `${offsetMs}`);
    this.#signalAll('SIGUSR2');
  }

  /** Process ids of those that serve. */
  serving(): number[] {
    const workers = this.#processes('worker');
    return workers.length > 0 ? workers : this.#processes('primary');
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child!;
    if (this.#hasEnded()) return;
    const ended = once(child, 'exit');
    child.kill('SIGCONT');
    child.kill(signal);
    await ended;
  }

  #hasEnded(): boolean {
    const { exitCode, signalCode } = this.#child!;
    return exitCode !== null || signalCode !== null;
  }

  async #remove(): Promise<void> {
    this.#expected = true;
    this.#signalAll('SIGKILL');
    await this.#end('SIGKILL');
  }

  #hear(text: string): void {
    this.#output = (this.#output + text).slice(-TAIL);
    for (const _ of text.matchAll(/worker \d+ ended/g)) {
      if (this.#killed-- > 0) continue;
      this.#killed = 0;
      this.#journal.violate(9, `node ${this.port} lost a worker by itself: ${this.#output.trim()}`);
    }
  }

  #processes(role: 'worker' | 'primary'): number[] {
    const names = readdirSync(this.#directory).filter((name) => name.startsWith(`${role}.`));
    return names.map((name) => Number(name.split('.')[1]));
  }

  #signalAll(signal: NodeJS.Signals): void {
    for (const id of [...this.#processes('primary'), ...this.#processes('worker')]) signalTo(id, signal);
  }
}

/** Whether the process was still there. */
function signalTo(id: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(id, signal);
  } catch {
    return false;
  }
}
