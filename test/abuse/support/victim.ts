import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { type RunningCli, startServe } from '../../support/cli.ts';
import { makeDirectory } from '../../support/directory.ts';
import { onEnd } from '../../support/on-end.ts';
import { type MemoryReport, SOCKET_VARIABLE } from './report-memory.ts';

export const MIB = 1024 * 1024;
/** Beyond it the test ends the process itself, so that the machine survives what the hub does not hold off. */
const MAX_BESIDE_HEAP = 640 * MIB;
/** What dies of its memory writes a report first. */
const ENDS_MS = 5_000;
/** How long memory may take to come back: collections, lingering members and closing sockets take their time. */
const COMES_BACK_MS = 15_000;

export interface VictimOptions {
  /** Of its JavaScript heap, in MiB; Node's default would hide what an attack costs. */
  readonly heapMiB?: number;
  readonly args?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly config?: object;
}

/** A hub to be attacked: `fanwire serve` in a process of its own, with a small heap. */
export class Victim {
  readonly url: string;
  readonly port: number;
  readonly #cli: RunningCli;
  readonly #memorySocket: string;
  /** For so long a look at its memory has held it up: nobody but the test is to blame. */
  longestLookMs = 0;
  #stderr = '';
  #killed: string | undefined;
  #peak = 0;

  constructor(cli: RunningCli, url: string, memorySocket: string) {
    this.#cli = cli;
    this.url = url;
    this.port = Number(new URL(url).port);
    this.#memorySocket = memorySocket;
    cli.process.stderr!.on('data', (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-8000);
    });
  }

  get alive(): boolean {
    return this.#cli.process.exitCode === null && this.#cli.process.signalCode === null;
  }

  /** The most that was resident, in bytes. */
  get peakBytes(): number {
    return this.#peak;
  }

  /** Processor time it has used, in milliseconds: what a neighbour on the machine takes is not in it. */
  get cpuMs(): number {
    const stat = readFileSync(`/proc/${this.#cli.process.pid}/stat`, 'utf8');
    // Behind the name, which may hold spaces: user and system time, in hundredths of a second (proc(5)).
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) * 10;
  }

  /** @throws with what it said last, if it has died */
  async assertAlive(): Promise<void> {
    // Its connections end before it does.
    await this.memory().catch(() => Promise.race([this.#cli.ended, delay(ENDS_MS)]));
    const { exitCode, signalCode } = this.#cli.process;
    const words = /FATAL ERROR: .*/.exec(this.#stderr)?.[0] ?? this.#stderr;
    const end = this.#killed ?? `it ended with ${exitCode ?? signalCode}, and said: ${words}`;
    assert.ok(this.alive, `the hub is dead: ${end}`);
  }

  /** Bytes in use once what is free was collected. @throws when the process is gone */
  memory(): Promise<number> {
    return new Promise((resolve, reject) => {
      let text = '';
      const socket = connect(this.#memorySocket);
      socket.setEncoding('utf8').on('data', (part: string) => (text += part));
      socket.on('error', reject).on('end', () => {
        const { bytes, tookMs } = JSON.parse(text) as MemoryReport;
        this.longestLookMs = Math.max(this.longestLookMs, tookMs);
        resolve(bytes);
      });
    });
  }

  /** Resolves once no more than so much is in use. @throws with what is, when that takes too long */
  async untilMemoryAtMost(bytes: number): Promise<void> {
    const until = performance.now() + COMES_BACK_MS;
    for (let used = await this.memory(); used > bytes; used = await this.memory()) {
      assert.ok(performance.now() < until, `${inMiB(used)} are still in use, of ${inMiB(bytes)} that may be`);
      await delay(200);
    }
  }

  /** Notes how much it takes, and ends it at so many bytes. */
  watch(maxBytes: number): NodeJS.Timeout {
    return setInterval(() => {
      if (!this.alive) return;
      const bytes = residentBytes(this.#cli.process.pid!);
      this.#peak = Math.max(this.#peak, bytes);
      if (bytes < maxBytes) return;
      this.#killed = `it took ${inMiB(bytes)}, and the test ended it`;
      this.#cli.process.kill('SIGKILL');
    }, 20);
  }
}

export async function startVictim(t: TestContext, options: VictimOptions = {}): Promise<Victim> {
  const { heapMiB = 128, args = [], environment = {}, config = {} } = options;
  const directory = await makeDirectory(t);
  const memorySocket = join(directory, 'memory.sock');
  const configFile = join(directory, 'config.json');
  await writeFile(configFile, JSON.stringify(config));
  const preload = new URL('./report-memory.js', import.meta.url);
  const cli = await startServe(t, ['--no-console', '--config', configFile, ...args], {
    ...environment,
    NODE_OPTIONS: `--max-old-space-size=${heapMiB} --import=${preload}`,
    [SOCKET_VARIABLE]: memorySocket,
  });
  const victim = new Victim(cli, cli.url, memorySocket);
  const watch = victim.watch(heapMiB * MIB + MAX_BESIDE_HEAP);
  onEnd(t, () => clearInterval(watch));
  return victim;
}

export function inMiB(bytes: number): string {
  return `${(bytes / MIB).toFixed(1)} MiB`;
}

function residentBytes(pid: number): number {
  try {
    const pages = Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]);
    return pages * 4096;
  } catch {
    // It has just gone.
    return 0;
  }
}
