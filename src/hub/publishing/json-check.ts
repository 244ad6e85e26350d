import { FanwireError } from '../../protocol/errors.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const BRACE = { open: 0x7b, close: 0x7d };
const BRACKET = { open: 0x5b, close: 0x5d };
const LITERALS: ReadonlyMap<number, string> = new Map([
  [0x74, 'true'],
  [0x66, 'false'],
  [0x6e, 'null'],
]);

/**
 * Holds bytes to be one JSON value (RFC 8259). A message is kept as it was written, so that nobody needs the value
 * itself, and to build it takes up to a hundred times as long as this: `[{},{},…]`, `[[[[…`.
 * @param bytes of UTF-8
 * @throws FanwireError `invalid_json`, saying where it broke off; `json_too_deep`
 */
export function checkJson(bytes: Uint8Array, from: number, to: number, maxDepth: number): void {
  /** What closes the arrays and objects that are open. */
  const closers: number[] = [];
  let at = skipSpace(bytes, from, to);
  for (;;) {
    // A value is expected.
    const first = at < to ? bytes[at]! : -1;
    if (first === BRACE.open || first === BRACKET.open) {
      const isObject = first === BRACE.open;
      if (closers.push(isObject ? BRACE.close : BRACKET.close) > maxDepth) throw tooDeep(maxDepth);
      at = skipSpace(bytes, at + 1, to);
      if (at >= to || bytes[at] !== closers.at(-1)) {
        if (isObject) at = skipName(bytes, at, to, from);
        continue;
      }
      closers.pop();
      at += 1;
    } else if (first === QUOTE) at = skipString(bytes, at, to, from);
    else if (LITERALS.has(first)) at = skipLiteral(bytes, at, to, from, LITERALS.get(first)!);
    else at = skipNumber(bytes, at, to, from);

    // A value has ended: what it stands in goes on, or ends as well.
    for (;;) {
      at = skipSpace(bytes, at, to);
      const closer = closers.at(-1);
      if (closer === undefined) {
        if (at === to) return;
        throw broken(bytes, at, to, from, 'the end');
      }
      const next = at < to ? bytes[at] : -1;
      if (next === COMMA) {
        at = skipSpace(bytes, at + 1, to);
        if (closer === BRACE.close) at = skipName(bytes, at, to, from);
        break;
      }
      if (next !== closer) throw broken(bytes, at, to, from, `, or ${String.fromCharCode(closer)}`);
      closers.pop();
      at += 1;
    }
  }
}

/**
 * Looks before parsing whether JSON nests deeper than it may.
 * @throws FanwireError `json_too_deep`
 */
export function checkDepth(bytes: Uint8Array, maxDepth: number): void {
  if (bytes.length <= maxDepth) return;
  let depth = 0;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === QUOTE) at = endOfString(bytes, at, bytes.length);
    else if (byte === BRACE.open || byte === BRACKET.open) {
      if (++depth > maxDepth) throw tooDeep(maxDepth);
    } else if (byte === BRACE.close || byte === BRACKET.close) depth -= 1;
  }
}

/**
 * Parts a JSON array into its elements, unread.
 * @throws FanwireError `invalid_json` for an array that is not closed; undefined is what is no array
 */
export function elementsOf(
  bytes: Uint8Array,
  maxElements: number,
  tooMany: () => FanwireError,
): Uint8Array[] | undefined {
  const { length } = bytes;
  const open = skipSpace(bytes, 0, length);
  if (bytes[open] !== BRACKET.open) return undefined;
  const elements: Uint8Array[] = [];
  let depth = 1;
  let from = open + 1;
  let at = from;
  for (; at < length && depth > 0; at++) {
    const byte = bytes[at];
    if (byte === QUOTE) at = endOfString(bytes, at, length);
    else if (byte === BRACE.open || byte === BRACKET.open) depth += 1;
    else if (byte === BRACE.close || byte === BRACKET.close) depth -= 1;
    else if (byte === COMMA && depth === 1) {
      if (elements.push(bytes.subarray(from, at)) >= maxElements) throw tooMany();
      from = at + 1;
    }
  }
  if (depth > 0 || bytes[at - 1] !== BRACKET.close) throw broken(bytes, length, length, 0, ']');
  const rest = skipSpace(bytes, at, length);
  if (rest < length) throw broken(bytes, rest, length, 0, 'the end');
  const isEmpty = elements.length === 0 && skipSpace(bytes, from, at - 1) === at - 1;
  if (!isEmpty) elements.push(bytes.subarray(from, at - 1));
  return elements;
}

/** Where white space ends (RFC 8259 section 2). */
export function skipSpace(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  while (at < to && isSpace(bytes[at]!)) at++;
  return at;
}

export function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

/** The place of the quote that ends a string, whatever is in it. */
function endOfString(bytes: Uint8Array, quote: number, to: number): number {
  let at = quote + 1;
  while (at < to && bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1;
  return at;
}

function skipName(bytes: Uint8Array, from: number, to: number, start: number): number {
  if (from >= to || bytes[from] !== QUOTE) throw broken(bytes, from, to, start, 'a name in quotes');
  const at = skipSpace(bytes, skipString(bytes, from, to, start), to);
  if (at >= to || bytes[at] !== COLON) throw broken(bytes, at, to, start, ':');
  return skipSpace(bytes, at + 1, to);
}

function skipString(bytes: Uint8Array, quote: number, to: number, start: number): number {
  for (let at = quote + 1; at < to; at++) {
    const byte = bytes[at]!;
    if (byte === QUOTE) return at + 1;
    if (byte < 0x20) throw broken(bytes, at, to, start, 'an escape in its place');
    if (byte === BACKSLASH) at = endOfEscape(bytes, at + 1, to, start);
  }
  throw broken(bytes, to, to, start, 'the end of a string');
}

/** The last byte of an escape. */
function endOfEscape(bytes: Uint8Array, at: number, to: number, start: number): number {
  const letter = at < to ? String.fromCharCode(bytes[at]!) : '';
  if (letter !== '' && '"\\/bfnrt'.includes(letter)) return at;
  if (letter !== 'u') throw broken(bytes, at, to, start, 'an escape');
  for (let digit = at + 1; digit <= at + 4; digit++) {
    if (digit >= to || !isHex(bytes[digit]!)) throw broken(bytes, digit, to, start, 'a hexadecimal digit');
  }
  return at + 4;
}

function skipLiteral(bytes: Uint8Array, from: number, to: number, start: number, literal: string): number {
  for (let index = 0; index < literal.length; index++) {
    const at = from + index;
    if (at >= to || bytes[at] !== literal.charCodeAt(index)) throw broken(bytes, at, to, start, literal);
  }
  return from + literal.length;
}

function skipNumber(bytes: Uint8Array, from: number, to: number, start: number): number {
  let at = from;
  if (at < to && bytes[at] === 0x2d) at++;
  // No digit may follow a leading zero.
  if (at < to && bytes[at] === 0x30) at++;
  else at = skipDigits(bytes, at, to, start, at === from ? 'a value' : 'a digit');
  if (at < to && bytes[at] === 0x2e) at = skipDigits(bytes, at + 1, to, start, 'a digit');
  if (at < to && (bytes[at]! | 0x20) === 0x65) {
    at++;
    if (at < to && (bytes[at] === 0x2b || bytes[at] === 0x2d)) at++;
    at = skipDigits(bytes, at, to, start, 'a digit');
  }
  return at;
}

function skipDigits(bytes: Uint8Array, from: number, to: number, start: number, expected: string): number {
  let at = from;
  while (at < to && bytes[at]! >= 0x30 && bytes[at]! <= 0x39) at++;
  if (at === from) throw broken(bytes, at, to, start, expected);
  return at;
}

function isHex(byte: number): boolean {
  const lower = byte | 0x20;
  return (byte >= 0x30 && byte <= 0x39) || (lower >= 0x61 && lower <= 0x66);
}

function broken(bytes: Uint8Array, at: number, to: number, start: number, expected: string): FanwireError {
  const found = at >= to ? 'it ends' : `there is ${JSON.stringify(characterAt(bytes, at, to))}`;
  return new FanwireError('invalid_json', `at byte ${at - start} ${found}, expected ${expected}`);
}

function characterAt(bytes: Uint8Array, at: number, to: number): string {
  // The longest has four bytes.
  const [character = ''] = Buffer.from(bytes.subarray(at, Math.min(at + 4, to))).toString();
  return character;
}

function tooDeep(maxDepth: number): FanwireError {
  return new FanwireError('json_too_deep', `arrays and objects nest ${maxDepth} deep at most (jsonDepth)`);
}
