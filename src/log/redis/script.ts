import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';

export type ScriptName = 'hello' | 'append' | 'read' | 'range' | 'roster';

/** A Lua script, and the name that Redis gives it: the SHA-1 of its text. */
export interface Script {
  readonly source: string;
  readonly sha: string;
}

export type Scripts = Readonly<Record<ScriptName, Script>>;

/** Reads the scripts from `lua/`, beside this file. */
export async function loadScripts(): Promise<Scripts> {
  const [log, hello, append, read, range, roster] = await Promise.all(
    ['log', 'hello', 'append', 'read', 'range', 'roster'].map(readLua),
  );
  return {
    hello: script(`${log}${hello}`),
    append: script(`${log}${append}`),
    read: script(`${log}${read}`),
    range: script(`${log}${range}`),
    roster: script(roster!),
  };
}

function readLua(name: string): Promise<string> {
  return readFile(new URL(`./lua/${name}.lua`, import.meta.url), 'utf8');
}

function script(source: string): Script {
  return { source, sha: createHash('sha1').update(source).digest('hex') };
}
