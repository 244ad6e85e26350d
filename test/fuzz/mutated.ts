import fc from 'fast-check';

/** What parsers stumble over: ends, separators, escapes, what JavaScript means something by, and long runs. */
const TOKENS = [
  ...'"{}[]:,;=?&#%/\\+-. \t\r\n\u0000\u007f\u00e9\u20ac\u2028\ufeff',
  '\ud800',
  '\u{1f600}',
  '\r\n\r\n',
  '%00',
  '%ff',
  '../',
  '[::1]',
  '::ffff:127.0.0.1',
  '-1',
  '1e999',
  '9007199254740993',
  'NaN',
  'null',
  'true',
  '"__proto__":',
  '__proto__',
  'constructor',
  'a'.repeat(300),
  ' '.repeat(3000),
  ','.repeat(3000),
  ';q=0'.repeat(500),
  '['.repeat(50),
];

type Change = readonly [kind: number, at: number, length: number, token: string];

/** Examples of what a parser takes, each changed in a few places, or two of them joined. */
export function mutated(examples: readonly string[], most = 5): fc.Arbitrary<string> {
  const change = fc.tuple(
    fc.integer({ min: 0, max: 4 }),
    fc.nat(10_000),
    fc.nat(20),
    fc.oneof(fc.constantFrom(...TOKENS), fc.constantFrom(...examples), fc.string({ maxLength: 5 })),
  );
  return fc
    .tuple(fc.constantFrom(...examples), fc.array(change, { maxLength: most }))
    .map(([example, changes]) => changes.reduce(changed, example));
}

function changed(text: string, [kind, place, length, token]: Change): string {
  const at = place % (text.length + 1);
  const before = text.slice(0, at);
  switch (kind) {
    case 0:
      return before + token + text.slice(at);
    case 1:
      return before + text.slice(at + length);
    case 2:
      return before + token + text.slice(at + length);
    case 3:
      return before;
    default:
      return before + text.slice(at, at + length).repeat(2) + text.slice(at + length);
  }
}

/** Where a text is cut into pieces, as a network does. */
export const cuts = fc.array(fc.nat(5000), { maxLength: 6 });

export function piecesOf<Whole extends { readonly length: number; slice(from: number, to?: number): Whole }>(
  whole: Whole,
  at: readonly number[],
): Whole[] {
  const places = [...new Set(at.map((place) => place % (whole.length + 1)))].sort(
    (one, other) => one - other,
  );
  return [...places, whole.length].map((end, index) => whole.slice(places[index - 1] ?? 0, end));
}
