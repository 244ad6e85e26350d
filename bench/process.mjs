// Starts servers and load on processors of their own, and reads what the kernel says they cost.
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

const SERVER_CPU = '0';
const LOAD_CPU = '1';

/** A child that answers lines of JSON. */
export class Child {
  #lines = [];
  #waiting = [];

  constructor(cpu, command, args) {
    this.process = spawn('taskset', ['-c', cpu, command, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.pid = this.process.pid;
    createInterface({ input: this.process.stdout }).on('line', (line) => {
      if (!line.startsWith('{')) return;
      const value = JSON.parse(line);
      const waiter = this.#waiting.shift();
      if (waiter) waiter(value);
      else this.#lines.push(value);
    });
    this.exited = new Promise((resolve) => this.process.once('exit', resolve));
    this.exited.then((code) => {
      for (const waiter of this.#waiting) waiter({ exited: code });
    });
  }

  async next() {
    const value = this.#lines.shift() ?? (await new Promise((resolve) => this.#waiting.push(resolve)));
    if ('exited' in value) throw new Error(`a child ended with ${value.exited}`);
    return value;
  }

  ask(line) {
    this.process.stdin.write(`${line}\n`);
    return this.next();
  }

  async stop() {
    this.process.kill('SIGKILL');
    await this.exited;
  }
}

export const startServer = (command, args) => new Child(SERVER_CPU, command, args);
export const startLoad = (command, args) => new Child(LOAD_CPU, command, args);

/** Nanoseconds that all threads of a process and of its children have run, user and system together. */
export function cpuOf(pid) {
  let sum = 0;
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    sum += Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]);
    const children = readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').trim();
    for (const child of children === '' ? [] : children.split(' ')) sum += cpuOf(child);
  }
  return sum;
}

/** Bytes of memory that a process and its children have in use. */
export function residentOf(pid) {
  const kB = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
  let sum = kB * 1024;
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    const children = readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').trim();
    for (const child of children === '' ? [] : children.split(' ')) sum += residentOf(child);
  }
  return sum;
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}
