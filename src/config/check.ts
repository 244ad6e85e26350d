import * as v from 'valibot';
import type { Config } from './config.ts';
import { configSchema } from './schema.ts';

export type Checked =
  | { readonly ok: true; readonly config: Config }
  /** One sentence for each fault: the key's path, what was found, what was expected. */
  | { readonly ok: false; readonly faults: readonly string[] };

export function checkConfig(input: unknown): Checked {
  const result = v.safeParse(configSchema, input);
  // What was given, not valibot's copy: a log is an object with methods, which a copy would lose.
  if (result.success) return { ok: true, config: input as Config };
  return { ok: false, faults: result.issues.map(faultOf) };
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
  if (last?.key === 'secret') return 'another value';
  if (typeof input === 'function') return 'a function';
  if (Array.isArray(input)) return 'a list';
  if (typeof input === 'object' && input !== null) return 'an object';
  return JSON.stringify(input) ?? String(input);
}
