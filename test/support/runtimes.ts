import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** What runs JavaScript beside Node. */
export const RUNTIMES = ['Bun', 'Deno'] as const;
type Runtime = (typeof RUNTIMES)[number];

/** Each comes as a package for this platform, whose name stands for the star. */
const COMMANDS: Readonly<Record<Runtime, readonly [file: string, ...args: string[]]>> = {
  Bun: ['@oven/*/bin/bun'],
  Deno: ['@deno/*/deno', 'run', '--allow-all'],
};

/** The command that runs a program in a runtime, which `npm test` has installed. */
export function runtimeCommand(runtime: Runtime): [string, ...string[]] {
  const [file, ...args] = COMMANDS[runtime];
  const [scope, rest] = file.split('/*/') as [string, string];
  const folder = resolve('.build/world/runtimes/node_modules', scope);
  const [found] = readdirSync(folder)
    .map((platform) => join(folder, platform, rest))
    .filter(existsSync);
  return [found ?? assert.fail(`nothing is at ${folder}/*/${rest}`), ...args];
}
