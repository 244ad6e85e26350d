import { FanwireError, type Issue } from '../protocol/errors.ts';
import type { SchemaIssue, StandardSchemaV1 } from '../protocol/standard-schema.ts';

/** An issue may repeat what was sent, and there may be one for each member of it: a refusal has to stay small. */
const MAX_ISSUES = 10;
const MAX_PATH = 8;
const MAX_CHARACTERS = 200;
/** So many are told in words, too. */
const MAX_TOLD = 3;

/**
 * What a schema makes of data.
 * @param what the data is, for the error
 * @throws FanwireError `invalid_data`
 */
export async function checkedBy<Output>(
  schema: StandardSchemaV1<unknown, Output>,
  data: unknown,
  what: string,
): Promise<Output> {
  const result = await schema['~standard'].validate(data);
  if (!result.issues) return result.value;
  const issues = result.issues.slice(0, MAX_ISSUES).map(issueOf);
  const told = issues
    .slice(0, MAX_TOLD)
    .map(({ path, message }) => (path ? `${path.join('.')}: ` : '') + message);
  const rest = result.issues.length - told.length;
  if (rest > 0) told.push(`and ${rest} more`);
  throw new FanwireError('invalid_data', `${what}: ${told.join('; ')}`, { issues });
}

/** For what the program itself has given: its client is told no more than that there was a fault. @throws TypeError */
export function asFault(error: unknown, prefix = ''): never {
  throw error instanceof FanwireError ? new TypeError(prefix + error.message) : error;
}

function issueOf({ message, path = [] }: SchemaIssue): Issue {
  const keys = path
    .slice(0, MAX_PATH)
    .map((segment) => keyOf(typeof segment === 'object' ? segment.key : segment));
  return { message: cut(message), ...(keys.length > 0 && { path: keys }) };
}

function keyOf(key: PropertyKey): string | number {
  return typeof key === 'number' ? key : cut(String(key));
}

function cut(text: string): string {
  return text.length > MAX_CHARACTERS ? `${text.slice(0, MAX_CHARACTERS)}…` : text;
}
