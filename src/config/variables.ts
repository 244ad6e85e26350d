import type * as v from 'valibot';
import { nearest } from './nearest.ts';
import { configSchema } from './schema.ts';

/** An option that an environment variable gives. */
export interface Variable {
  readonly name: string;
  /** Where the option stands in a config file. */
  readonly path: readonly string[];
  readonly schema: v.GenericSchema;
}

/** What `section` and its like leave on a schema. */
interface Sectioned {
  readonly entries?: Readonly<Record<string, v.GenericSchema>>;
  readonly other?: v.GenericSchema;
}

/** All names but this one are made from the path: it is also what `fanwire token` signs with. */
const SECRET = 'FANWIRE_SECRET';

/** Every option that can be written as a text, in the order of the schema. */
export const VARIABLES: readonly Variable[] = variablesIn(configSchema, []);

/** These hold something secret: a variable with `_FILE` behind its name tells a file that holds the value. */
export const FROM_FILES: readonly string[] = [SECRET, 'FANWIRE_OPERATOR_TOKEN', 'FANWIRE_LOG'];

/** Options of commands alone, which no config file has. */
export const COMMAND_VARIABLES = ['FANWIRE_CONFIG', 'FANWIRE_WORKERS', 'FANWIRE_TOKEN'] as const;

const KNOWN: readonly string[] = [
  ...VARIABLES.map(({ name }) => name),
  ...FROM_FILES.map((name) => `${name}_FILE`),
  ...COMMAND_VARIABLES,
];

/** What Kubernetes, and Docker's links, set in every container beside a service that is called `fanwire`. */
const OF_A_SERVICE = /_SERVICE_(HOST|PORT(_\w+)?)$|_PORT_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?$/;
const ADDRESS_OF_A_SERVICE = /^(tcp|udp|sctp):\/\//;

/** The environment's variables that are meant for fanwire, with their texts. */
export function ownVariables(environment: Readonly<Record<string, string | undefined>>): Map<string, string> {
  return new Map(
    Object.entries(environment).flatMap(([name, text]): [string, string][] => {
      if (!name.startsWith('FANWIRE_') || text === undefined) return [];
      const ofService =
        OF_A_SERVICE.test(name) || (name.endsWith('_PORT') && ADDRESS_OF_A_SERVICE.test(text));
      return ofService ? [] : [[name, text]];
    }),
  );
}

/**
 * Sentences about variables that no option has. One whose name is close to an option's is a fault, as a mistyped key of a file
 * is; any other may be another program's.
 */
export function strayVariables(names: Iterable<string>): {
  readonly faults: string[];
  readonly others: string[];
} {
  const faults: string[] = [];
  const others: string[] = [];
  for (const name of names) {
    if (KNOWN.includes(name)) continue;
    const meant = closest(name);
    if (meant === undefined) others.push(`${name}: no option has this variable; it is ignored`);
    else faults.push(`${name}: no option has this variable (did you mean ${meant}?)`);
  }
  return { faults, others };
}

/** By typing errors, or by words at the beginning that are missing or too many. */
function closest(name: string): string | undefined {
  const words = name.slice('FANWIRE'.length);
  return (
    nearest(name, KNOWN) ??
    KNOWN.find((known) => known.endsWith(words) || words.endsWith(known.slice('FANWIRE'.length)))
  );
}

function variablesIn(schema: v.GenericSchema, path: readonly string[]): Variable[] {
  const unwrapped = 'wrapped' in schema ? (schema.wrapped as v.GenericSchema) : schema;
  if (takesFunctions(unwrapped)) return [];
  const { entries, other } = unwrapped as Sectioned;
  const itself = entries === undefined || other !== undefined;
  return [
    ...(itself ? [{ name: nameOf(path), path, schema: other ?? unwrapped }] : []),
    ...Object.entries(entries ?? {}).flatMap(([key, entry]) => variablesIn(entry, [...path, key])),
  ];
}

function takesFunctions(schema: v.GenericSchema): boolean {
  return schema.type === 'function' || ('value' in schema && takesFunctions(schema.value as v.GenericSchema));
}

function nameOf(path: readonly string[]): string {
  if (path.join('.') === 'authorise.secret') return SECRET;
  const words = path.map((key) => key.replace(/([a-z\d])([A-Z])/g, '$1_$2').toUpperCase());
  return ['FANWIRE', ...words].join('_');
}
