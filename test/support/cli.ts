import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { TestContext } from 'node:test';
import { onEnd } from './on-end.ts';

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunningCli {
  readonly process: ChildProcess;
  /** The next line of stdout; rejects when there will be none. */
  nextLine(): Promise<string>;
  /** Resolves once stderr holds the pattern. */
  says(pattern: RegExp): Promise<string>;
  readonly ended: Promise<Ended>;
}

type Environment = Readonly<Record<string, string>>;

/**
 * Starts the built command, as an installed package runs it; ends it with the test.
 * @param files how many it may open
 */
export function startCli(
  t: TestContext,
  args: readonly string[],
  environment: Environment = {},
  files?: number,
): RunningCli {
  const inherited = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !name.startsWith('FANWIRE_')),
  );
  const command = [process.execPath, 'dist/cli/main.js', ...args];
  const [program, ...rest] =
    files === undefined ? command : ['sh', '-c', `ulimit -n ${files} && exec "$@"`, 'sh', ...command];
  const child = spawn(program!, rest, { env: { ...inherited, ...environment } });
  let stdout = '';
  let stderr = '';
  const ended = once(child, 'close').then(([code]) => ({ code, stdout, stderr }));
  // Its workers hold its output open: once that is closed they are gone as well, and let go of their files.
  onEnd(t, () => {
    child.kill('SIGKILL');
    return ended;
  });
  // A test may write to a command that has already given up.
  child.stdin.on('error', () => {});

  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();

  return {
    process: child,
    async nextLine() {
      const { value, done } = await lines.next();
      if (done) throw new Error(`fanwire ${args.join(' ')} printed nothing more; it said: ${stderr}`);
      return value;
    },
    async says(pattern) {
      while (!pattern.test(stderr)) await once(child.stderr, 'data');
      return stderr;
    },
    ended,
  };
}

/** Runs the command to its end. */
export function runCli(
  t: TestContext,
  args: readonly string[],
  { input = '', ...environment }: Environment & { input?: string } = {},
): Promise<Ended> {
  const cli = startCli(t, args, environment);
  cli.process.stdin!.end(input);
  return cli.ended;
}

/** Starts `fanwire serve` on a free port. */
export async function startServe(
  t: TestContext,
  args: readonly string[] = [],
  environment: Environment = {},
  files?: number,
) {
  const port = args.includes('--port') ? [] : ['--port', '0'];
  const cli = startCli(t, ['serve', ...port, ...args], environment, files);
  const greeting = await cli.nextLine();
  const url = /^fanwire listens on (\S+)$/.exec(greeting)?.[1];
  if (url === undefined) throw new Error(`serve greeted with: ${greeting}`);
  return { ...cli, url };
}
