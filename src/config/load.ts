import { readFile } from 'node:fs/promises';
import { extname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Checked, checkConfig } from './check.ts';
import { withEnvironment } from './environment.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Reads and checks a config file; without one, what the environment alone configures. The environment overrides the file. */
export async function loadConfig(file: string | undefined, environment: Environment): Promise<Checked> {
  try {
    const { content, faults, told } = withEnvironment(
      file === undefined ? {} : await readConfigFile(resolve(file)),
      environment,
    );
    const checked = checkConfig(content);
    const all = [...faults, ...(checked.ok ? [] : checked.faults.map(told))];
    return all.length === 0 ? checked : { ok: false, faults: all };
  } catch (error) {
    return { ok: false, faults: [(error as Error).message] };
  }
}

async function readConfigFile(path: string): Promise<unknown> {
  switch (extname(path)) {
    case '.json':
      return JSON.parse(await readFile(path, 'utf8'));
    case '.ts':
    case '.mts':
      if (!('typescript' in process.features && process.features.typescript)) {
        throw new Error(
          `Node ${process.versions.node} does not read TypeScript: take Node 22.18 or newer, or a .mjs file`,
        );
      }
      return importDefault(path);
    case '.js':
    case '.mjs':
      return importDefault(path);
    default:
      throw new Error('a config file ends in .json, .js, .mjs, .ts or .mts');
  }
}

async function importDefault(path: string): Promise<unknown> {
  const module: { default?: unknown } = await import(pathToFileURL(path).href);
  if (module.default === undefined) throw new Error('the file has no default export');
  return module.default;
}
