import * as v from 'valibot';
import type { ServerOptions } from '../server/options.ts';
import type { Config } from './config.ts';
import { configSchema, listeningSchema, optionsSchema } from './schema.ts';

export type Checked =
  | { readonly ok: true; readonly config: Config }
  /** One sentence for each fault: the key's path, what was found, what was expected. */
  | { readonly ok: false; readonly faults: readonly string[] };

export function checkConfig(input: unknown): Checked {
  const faults = faultsOf(configSchema, input);
  // What was given, not valibot's copy: a log is an object with methods, which a copy would lose.
  return faults.length === 0 ? { ok: true, config: input as Config } : { ok: false, faults };
}

/** @throws TypeError for options that are unknown or can't hold, naming each with what was expected */
export function assertOptions(options: ServerOptions): void {
  const faults = faultsOf(optionsSchema, options);
  if (faults.length > 0) throw new TypeError(faults.join('; '));
}

/** @throws TypeError likewise, for the options of `listen` */
export function assertListening(options: unknown): void {
  const faults = faultsOf(listeningSchema, options);
  if (faults.length > 0) throw new TypeError(`listen: ${faults.join('; ')}`);
}

/**
 * Data in the place of options is not dropped, as in `publish('lobby', 'news', { n: 1 })`, and neither is a misspelt option.
 * Without a schema, because a program may publish often.
 *
 * @throws TypeError for an option that there is not
 */
export function assertKnown(method: string, options: object, known: readonly string[]): void {
  if (typeof options !== 'object') {
    throw new TypeError(
      `${method}: its options are an object of ${known.join(', ')}, and no ${typeof options}`,
    );
  }
  for (const name in options) {
    if (known.includes(name)) continue;
    throw new TypeError(`${method}: no option is called ${name}, but ${known.join(', ')}`);
  }
}

function faultsOf(schema: v.GenericSchema, input: unknown): string[] {
  return v.safeParse(schema, input).issues?.map(faultOf) ?? [];
}

function faultOf(issue: v.BaseIssue<unknown>): string {
  const path = (issue.path ?? []).reduce((dotted, { key }) => dotted + segment(key), '').replace(/^\./, '');
  return `${path || 'the configuration'}: found ${show(issue)}, expected ${issue.message}`;
}

function segment(key: unknown): string {
  if (typeof key === 'number') return `[${key}]`;
  return /^[\w-]+$/.test(String(key)) ? `.${key}` : `[${JSON.stringify(key)}]`;
}

function show({ path, input, expected }: v.BaseIssue<unknown>): string {
  const last = path?.at(-1);
  if (expected === 'never' || last?.origin === 'key') return `the key ${JSON.stringify(last?.key)}`;
  // A secret must not end up in a terminal's history or a log.
  if (last?.key === 'secret' || last?.key === 'operatorToken') return 'another value';
  // So must not the password in a log's URL.
  if (last?.key === 'log' && String(input).includes('@')) return 'another value';
  if (typeof input === 'function') return 'a function';
  if (Array.isArray(input)) return 'a list';
  if (typeof input === 'object' && input !== null) return 'an object';
  return JSON.stringify(input) ?? String(input);
}
