import { FanwireError } from '../../protocol/errors.ts';
import { CHANNEL_ORDERS, CLIENT_ORDERS, MAX_ROWS, type Place, type RowsQuery } from './reports.ts';

const VIEW = /^[\w-]{22}$/;
const MAX_TEXT = 250;

/** Reads a view's question. @throws FanwireError `invalid_parameter` with the member's name */
export function readQuery(data: unknown): RowsQuery {
  const given: Readonly<Record<string, unknown>> = Object(data);
  const { node, after } = given;
  const base = {
    view: text(given, 'view', VIEW, '22 random characters of base64url'),
    asked: whole(given, 'asked', Number.MAX_SAFE_INTEGER),
    ...(node !== undefined && { node: nodeOf(given) }),
    search: text(given, 'search').trim(),
    descending: given.descending === true,
    ...(after !== undefined && { after: placeOf(after) }),
    limit: whole(given, 'limit', MAX_ROWS),
  };
  switch (given.of) {
    case 'clients':
      return { ...base, of: given.of, by: oneOf(given, 'by', CLIENT_ORDERS) };
    case 'channels':
      return { ...base, of: given.of, by: oneOf(given, 'by', CHANNEL_ORDERS) };
    case 'client':
    case 'channel':
      return { ...base, of: given.of, name: text(given, 'name') };
    default:
      throw invalid('of', 'clients, channels, client or channel');
  }
}

export function invalid(member: string, expected: string): FanwireError {
  return new FanwireError('invalid_parameter', `${member}: expected ${expected}`);
}

type Given = Readonly<Record<string, unknown>>;

/** @throws FanwireError `invalid_parameter` */
export function nodeOf(given: Given): string {
  return text(given, 'node', /./, 'the name of a node');
}

/** @throws FanwireError `invalid_parameter` */
export function text(
  given: Given,
  member: string,
  form = /^/,
  expected = `a text of ${MAX_TEXT} characters at most`,
): string {
  const value = given[member];
  if (typeof value === 'string' && value.length <= MAX_TEXT && form.test(value)) return value;
  throw invalid(member, expected);
}

function whole(given: Given, member: string, max: number): number {
  const value = given[member];
  if (Number.isSafeInteger(value) && Number(value) >= 1 && Number(value) <= max) return Number(value);
  throw invalid(member, `a whole number, 1 to ${max}`);
}

function oneOf<Name extends string>(given: Given, member: string, names: readonly Name[]): Name {
  const found = names.find((name) => name === given[member]);
  if (found === undefined) throw invalid(member, `one of ${names.join(', ')}`);
  return found;
}

function placeOf(given: unknown): Place {
  const { value, key } = Object(given);
  if ((typeof value === 'string' && value.length <= MAX_TEXT) || Number.isFinite(value)) {
    return { value, key: text({ key }, 'key') };
  }
  throw invalid('after', 'the value and the key of a row');
}
