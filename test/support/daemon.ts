import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import type { TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { onEnd } from './on-end.ts';

/** Some wait for their clients before they end. */
const GRACE_MS = 500;

// A file of tests that takes too long is ended so, which by itself would run nothing that stands under `exit`.
process.once('SIGTERM', () => process.exit(143));

/** A program that runs in the background for as long as the test lasts: it has no end of its own. */
export interface Daemon {
  readonly child: ChildProcess;
  /** What is awaited, unless the program ends before: then it rejects with what the program said last. */
  while<T>(awaited: Promise<T>): Promise<T>;
}

export function startDaemon(
  t: TestContext,
  [program, ...args]: readonly [string, ...string[]],
  options: SpawnOptions = {},
): Daemon {
  // In a group of its own, which its children share: they are ended with it.
  const group = { detached: true };
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'], ...options, ...group });
  const said: Buffer[] = [];
  child.stderr?.on('data', (bytes: Buffer) => said.push(bytes));
  const ended = new Promise<never>((_, reject) => {
    child.on('error', reject);
    child.on('exit', () => reject(new Error(`${program} ended: ${Buffer.concat(said)}`)));
  });
  ended.catch(() => {});
  const kill = (signal: NodeJS.Signals) => {
    try {
      process.kill(-child.pid!, signal);
    } catch {
      // Gone already.
    }
  };
  const killAtOnce = () => kill('SIGKILL');
  // Not even when the test is ended from outside does it stay behind.
  process.once('exit', killAtOnce);
  onEnd(t, async () => {
    process.off('exit', killAtOnce);
    if (child.pid === undefined) return;
    if (child.exitCode === null && child.signalCode === null) {
      const exit = once(child, 'exit');
      kill('SIGTERM');
      const patience = setTimeout(killAtOnce, GRACE_MS);
      await exit;
      clearTimeout(patience);
    }
    killAtOnce();
  });
  return { child, while: (awaited) => Promise.race([awaited, ended]) };
}

/** Resolves once a port of loopback takes connections. */
export async function untilListening(port: number): Promise<void> {
  for (;;) {
    const socket = connect(port, '127.0.0.1');
    const listening = await new Promise<boolean>((resolve) => {
      socket.on('connect', () => resolve(true));
      socket.on('error', () => resolve(false));
    });
    socket.destroy();
    if (listening) return;
    await delay(20);
  }
}
