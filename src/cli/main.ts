#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { suggestion } from '../config/nearest.ts';
import type { Command } from './command.ts';
import { Failure, usageFailure } from './failure.ts';

/** Loaded when called for: publishing need not wait for the server's code. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  serve: async () => (await import('./serve.ts')).serve,
  publish: async () => (await import('./publish.ts')).publish,
  subscribe: async () => (await import('./subscribe.ts')).subscribe,
  token: async () => (await import('./token.ts')).token,
  disconnect: async () => (await import('./disconnect.ts')).disconnect,
  doctor: async () => (await import('./doctor.ts')).doctor,
  lab: async () => (await import('./lab.ts')).lab,
  health: async () => (await import('./health.ts')).health,
  'check-config': async () => (await import('./check-config.ts')).checkConfigFile,
};

try {
  await run(process.argv.slice(2));
} catch (error) {
  const failure = error instanceof Failure ? error : new Failure((error as Error).message);
  console.error(`fanwire: ${failure.message}`);
  process.exitCode = failure.exitCode;
  // A worker's channel to whoever started it would keep it alive.
  if (process.connected) process.exit();
}

async function run([name, ...args]: string[]): Promise<void> {
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
    console.log(await overview());
    // Called with nothing, it was not asked for help: a script should notice.
    process.exitCode = name === undefined ? 2 : 0;
    return;
  }
  if (name === '--version' || name === '-v') {
    console.log(version());
    return;
  }
  const load = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!load) {
    throw usageFailure(
      `unknown command ${name}${suggestion(name, Object.keys(COMMANDS))}; see fanwire --help`,
    );
  }
  const command = await load();
  const asksForHelp = args.some((arg) => arg === '--help' || arg === '-h');
  if (asksForHelp) console.log(command.help);
  else await command.run(args);
}

async function overview(): Promise<string> {
  const lines = await Promise.all(
    Object.entries(COMMANDS).map(async ([name, load]) => `  ${name.padEnd(14)}${(await load()).summary}`),
  );
  return [
    'fanwire: publish once, and every client gets it over whatever wire its network allows.',
    '',
    ...lines,
    '',
    'fanwire COMMAND --help tells more. fanwire --version prints the version.',
  ].join('\n');
}

function version(): string {
  return JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')).version;
}
