import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

interface ChildOptions {
  /** Of Node. */
  readonly flags?: readonly string[];
  readonly variables?: Readonly<Record<string, string>>;
  /** Default: that of this process. */
  readonly stderr?: 'inherit' | 'pipe';
}

/** Starts a module of the lab as a process of its own. It ends with this one, if it ends itself at `disconnect`. */
export function startChild(module: URL, options: ChildOptions = {}): ChildProcess {
  return fork(fileURLToPath(module), {
    // Debuggers and profilers of this process are not for its children, and what it knows by variables is not either.
    execArgv: [...(options.flags ?? [])],
    env: { ...environment(), ...options.variables },
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', options.stderr ?? 'inherit', 'ipc'],
  });
}

/** The environment without what configures a hub: secrets and tokens, for example. */
function environment(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(FANWIRE_|NODE_OPTIONS$)/.test(name)),
  );
}
