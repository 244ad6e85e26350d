import { readFileSync } from 'node:fs';
import * as v from 'valibot';
import { FROM_FILES, ownVariables, strayVariables, VARIABLES, type Variable } from './variables.ts';

type Settings = Readonly<Record<string, unknown>>;

export interface Overlaid {
  readonly content: unknown;
  readonly faults: readonly string[];
  /** A fault of the whole, told by the variable's name where the value is a variable's. */
  readonly told: (fault: string) => string;
}

/** Lays what the environment says over the content of a config file, setting by setting. */
export function withEnvironment(
  content: unknown,
  environment: Readonly<Record<string, string | undefined>>,
): Overlaid {
  if (!isSettings(content)) return { content, faults: [], told: (fault) => fault };
  const given = ownVariables(environment);
  const { faults } = strayVariables(given.keys());
  for (const [name, text] of given) {
    if (text === '')
      faults.push(`${name}: is empty; leave it out for what the config file says, or the default`);
  }
  const set: Variable[] = [];
  let laid: Settings = content;
  for (const variable of VARIABLES) {
    const text = textOf(variable.name, given, faults);
    if (text === undefined || isOfAnotherWay(variable, content, given)) continue;
    const above = variable.path.slice(0, -1).map((_, index) => variable.path.slice(0, index + 1));
    // What is switched off as a whole has no settings.
    if (above.some((path) => at(laid, path) === false)) continue;
    const whole = set.find(({ path }) => above.some((each) => each.join() === path.join()));
    if (whole && typeof at(laid, whole.path) === 'string') {
      faults.push(`${variable.name}: can't be set beside ${whole.name}=${at(laid, whole.path)}`);
      continue;
    }
    laid = withValue(laid, variable.path, readingOf(text, variable.schema));
    set.push(variable);
  }
  return { content: laid, faults, told: (fault) => toldByName(fault, set) };
}

/** Whether a secret, which may be exported for `fanwire token`, meets a file that takes its tokens by keys or by a function. */
function isOfAnotherWay({ name }: Variable, { authorise }: Settings, given: ReadonlyMap<string, string>) {
  if (name !== 'FANWIRE_SECRET') return false;
  if (given.has('FANWIRE_AUTHORISE_PUBLIC_KEY') || given.has('FANWIRE_AUTHORISE_JWKS_URL')) return false;
  if (authorise === undefined) return false;
  return !isSettings(authorise) || 'publicKey' in authorise || 'jwksUrl' in authorise;
}

/** The variable's text, or that of the file that it names. */
function textOf(name: string, given: ReadonlyMap<string, string>, faults: string[]): string | undefined {
  const text = given.get(name);
  const file = FROM_FILES.includes(name) ? given.get(`${name}_FILE`) : undefined;
  if (file === undefined) return text || undefined;
  if (text !== undefined) {
    faults.push(`${name}_FILE: can't be set beside ${name}`);
    return undefined;
  }
  try {
    return readFileSync(file, 'utf8').replace(/\r?\n$/, '');
  } catch (error) {
    faults.push(`${name}_FILE: ${(error as Error).message}`);
    return undefined;
  }
}

/** As a text, as JSON, or as a list with commas, whichever the option takes; if it takes none, the one whose fault says most. */
function readingOf(text: string, schema: v.GenericSchema): unknown {
  const list = text.split(',').map((item) => item.trim());
  const readings = [text, ...jsonOf(text), list];
  return (
    readings.find((reading) => v.is(schema, reading)) ??
    // The first that is right as a whole, and wrong within.
    readings.find((reading) =>
      v.safeParse(schema, reading).issues?.every(({ path }) => path !== undefined),
    ) ??
    text
  );
}

function jsonOf(text: string): unknown[] {
  try {
    return [JSON.parse(text)];
  } catch {
    return [];
  }
}

function withValue(settings: Settings, [key, ...rest]: readonly string[], value: unknown): Settings {
  const inner = settings[key!];
  if (rest.length === 0) return { ...settings, [key!]: value };
  return { ...settings, [key!]: withValue(isSettings(inner) ? inner : {}, rest, value) };
}

function at(settings: Settings, path: readonly string[]): unknown {
  return path.reduce<unknown>((inner, key) => (inner as Settings | undefined)?.[key], settings);
}

function toldByName(fault: string, set: readonly Variable[]): string {
  const [place = ''] = /^[\w.]+/.exec(fault) ?? [];
  const variable = set.find(({ path }) => `${place}.`.startsWith(`${path.join('.')}.`));
  return variable ? variable.name + fault.slice(variable.path.join('.').length) : fault;
}

function isSettings(value: unknown): value is Settings {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
