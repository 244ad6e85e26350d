import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { startDaemon, untilListening } from './daemon.ts';
import { makeDirectory } from './directory.ts';
import { freePort } from './free-port.ts';

/** Where a test has a proxy listen, what for, and where it may write. */
export interface Place {
  readonly port: number;
  /** Of the hub behind it. */
  readonly hubPort: number;
  readonly directory: string;
}

/** A proxy that somebody else wrote, and how it is configured. */
export interface WebProxy {
  readonly name: string;
  /** The file that a user has, or is told to write. */
  readonly config: string;
  /** What changes in it for a test, pattern by pattern: each has to be found. */
  readonly changes: (place: Place) => readonly (readonly [RegExp, string])[];
  readonly command: (config: string, place: Place) => readonly [string, ...string[]];
  readonly env?: (directory: string) => Readonly<Record<string, string>>;
}

/** Starts a proxy before a hub for as long as the test lasts; resolves with its port. */
export async function startWebProxy(t: TestContext, proxy: WebProxy, hubPort: number): Promise<number> {
  const directory = await makeDirectory(t);
  const port = await freePort();
  const place = { port, hubPort, directory };
  const file = join(directory, 'config');
  let config = readFileSync(proxy.config, 'utf8');
  for (const [pattern, text] of proxy.changes(place)) {
    if (config.search(pattern) === -1) throw new Error(`${proxy.config} has no ${pattern}`);
    config = config.replace(pattern, text);
  }
  writeFileSync(file, config);
  const home = { HOME: directory, XDG_DATA_HOME: directory, XDG_CONFIG_HOME: directory };
  const daemon = startDaemon(t, proxy.command(file, place), {
    env: { ...process.env, ...home, ...proxy.env?.(directory) },
  });
  await daemon.while(untilListening(port));
  return port;
}
