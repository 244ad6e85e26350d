import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { NodeCommand, NodeReport } from './node-program.ts';

const PROGRAM = fileURLToPath(import.meta.resolve('./node-program.js'));

export interface Said {
  readonly data: string;
  readonly sequence: number;
}

/** A process of its own that shares the log in a directory. */
export class LogNode {
  readonly acknowledged: Said[] = [];
  readonly heard: Said[] = [];
  readonly #process: ChildProcess;
  #others: NodeReport['kind'][] = [];
  #wake: () => void = () => {};

  static start(t: TestContext, directory: string, channels: readonly string[] = []): Promise<LogNode> {
    return LogNode.#begin(t, [process.execPath, PROGRAM, directory, ...channels]);
  }

  /** Starts one whose files can't grow beyond so many blocks of 512 bytes. */
  static startConfined(t: TestContext, directory: string, blocks: number): Promise<LogNode> {
    const confined = `ulimit -f ${blocks} && exec "$0" "$@"`;
    return LogNode.#begin(t, ['sh', '-c', confined, process.execPath, PROGRAM, directory]);
  }

  static async #begin(t: TestContext, command: readonly string[]): Promise<LogNode> {
    const node = new LogNode(command);
    t.after(() => node.kill());
    await node.says('open');
    return node;
  }

  private constructor([file = '', ...args]: readonly string[]) {
    // What LMDB itself prints of a failed commit is no fault of a test's.
    this.#process = spawn(file, args, { stdio: ['ignore', 'inherit', 'ignore', 'ipc'] });
    this.#process.on('message', (report: NodeReport) => {
      if (report.kind === 'acknowledged') this.acknowledged.push(report);
      else if (report.kind === 'heard') this.heard.push(report);
      else this.#others.push(report.kind);
      this.#wake();
    });
  }

  append(command: NodeCommand): void {
    this.#process.send(command);
  }

  signal(signal: 'SIGSTOP' | 'SIGCONT'): void {
    this.#process.kill(signal);
  }

  /** Ends it at once, whatever it is in the middle of. */
  async kill(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    this.#process.kill('SIGKILL');
    await once(this.#process, 'close');
  }

  async says(kind: 'open' | 'done' | 'interrupted' | 'refused'): Promise<void> {
    await this.#until(() => this.#others.includes(kind));
    this.#others = this.#others.filter((other) => other !== kind);
  }

  acknowledges(count: number): Promise<void> {
    return this.#until(() => this.acknowledged.length >= count);
  }

  hears(data: string): Promise<void> {
    return this.#until(() => this.heard.at(-1)?.data === data);
  }

  async #until(holds: () => boolean): Promise<void> {
    while (!holds()) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}
