export interface Tinted {
  readonly kind: 'plain' | 'comment' | 'string' | 'keyword';
  readonly text: string;
}

const KEYWORDS =
  'async await break case catch class const continue default delete else export extends finally for from function if ' +
  'import in instanceof let new null of return static switch this throw true try typeof undefined void while yield false';

// In the order of precedence: what looks like a keyword within a string is none.
const TOKEN = new RegExp(
  [
    String.raw`(?<comment>//[^\n]*|/\*[\s\S]*?\*/)`,
    String.raw`(?<string>'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|\x60(?:\\.|[^\x60\\])*\x60)`,
    String.raw`(?<keyword>(?<![.\w$])(?:${KEYWORDS.replaceAll(' ', '|')})(?![\w$:]))`,
  ].join('|'),
  'g',
);

/** Splits JavaScript for colouring. Knows no regular expressions: one that holds a quote would be taken for a string. */
export function tint(source: string): Tinted[] {
  const tinted: Tinted[] = [];
  let end = 0;
  for (const match of source.matchAll(TOKEN)) {
    if (match.index > end) tinted.push({ kind: 'plain', text: source.slice(end, match.index) });
    const kind = match.groups!.comment ? 'comment' : match.groups!.string ? 'string' : 'keyword';
    tinted.push({ kind, text: match[0] });
    end = match.index + match[0].length;
  }
  if (end < source.length) tinted.push({ kind: 'plain', text: source.slice(end) });
  return tinted;
}
