import { readFile } from 'node:fs/promises';
import { extname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Checked, checkConfig } from './check.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads and checks a config file; without one, what the environment alone configures.
 * `FANWIRE_SECRET` goes before the file's own secret, `FANWIRE_OPERATOR_TOKEN` before its `operatorToken`.
 */
export async function loadConfig(file: string | undefined, environment: Environment): Promise<Checked> {
  try {
    const content = file === undefined ? {} : await readConfigFile(resolve(file));
    const { FANWIRE_SECRET: secret, FANWIRE_OPERATOR_TOKEN: operatorToken } = environment;
    return checkConfig(withOperatorToken(withSecret(content, secret), operatorToken));
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

function withSecret(content: unknown, secret: string | undefined): unknown {
  if (secret === undefined || !isObject(content)) return content;
  const { authorise = {} } = content;
  if (!isObject(authorise) || 'publicKey' in authorise || 'jwksUrl' in authorise) return content;
  return { ...content, authorise: { ...authorise, secret } };
}

function withOperatorToken(content: unknown, operatorToken: string | undefined): unknown {
  return operatorToken === undefined || !isObject(content) ? content : { ...content, operatorToken };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
