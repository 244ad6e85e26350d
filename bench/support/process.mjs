// Starts servers and load on processors of their own, and reads what the kernel says they cost.
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

/** Where the server runs, and where the load. */
export const CPUS = { server: '0', load: '1' };

/** A child that answers lines of JSON, in the order of what it was asked. */
export class Child {
  #lines = [];
  #waiting = [];
  #ended = false;

  /** @param {string | undefined} cpu the only one it may run on; any without it */
  constructor(cpu, command, args) {
    const [program, ...rest] =
      cpu === undefined ? [command, ...args] : ['taskset', '-c', cpu, command, ...args];
    this.process = spawn(program, rest, { stdio: ['pipe', 'pipe', 'inherit'] });
    this.name = command;
    this.pid = this.process.pid;
    createInterface({ input: this.process.stdout }).on('line', (line) => {
      if (line.startsWith('{')) this.#take(JSON.parse(line));
    });
    this.exited = new Promise((resolve) => this.process.once('exit', resolve));
    this.exited.then((code) => {
      this.#ended = true;
      for (const waiter of this.#waiting.splice(0)) waiter({ exited: code });
    });
    // What is written to one that has ended is told by `next`.
    this.process.stdin.on('error', () => {});
  }

  #take(value) {
    const waiter = this.#waiting.shift();
    if (waiter) waiter(value);
    else this.#lines.push(value);
  }

  async next() {
    const value = this.#lines.shift() ?? (await this.#coming());
    if ('exited' in value) throw new Error(`${this.name} ended with ${value.exited}`);
    return value;
  }

  #coming() {
    if (this.#ended) return { exited: this.process.exitCode };
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  ask(line) {
    this.process.stdin.write(`${line}\n`);
    return this.next();
  }

  /** Ends it; a server that runs a program of its own takes that with it. */
  async stop() {
    this.process.stdin.end();
    const hard = setTimeout(() => this.process.kill('SIGKILL'), 2000);
    await this.exited;
    clearTimeout(hard);
  }
}

/** Nanoseconds that all threads of a process and of its children have run, user and system together. */
export function cpuOf(pid) {
  let sum = 0;
  for (const thread of readdirSync(`/proc/${pid}/task`))
    sum += Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]);
  return childrenOf(pid).reduce((all, child) => all + cpuOf(child), sum);
}

/** Bytes of memory that a process and its children have in use. */
export function residentOf(pid) {
  return memoryOf(pid, 'VmRSS');
}

/** The most that a process and its children have had in use, each at its own time. */
export function peakOf(pid) {
  return memoryOf(pid, 'VmHWM');
}

function memoryOf(pid, field) {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const own = Number(new RegExp(`${field}:\\s+(\\d+)`).exec(status)?.[1] ?? 0) * 1024;
  return childrenOf(pid).reduce((all, child) => all + memoryOf(child, field), own);
}

function childrenOf(pid) {
  return readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
    readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8')
      .split(' ')
      .filter((child) => child.trim() !== ''),
  );
}
