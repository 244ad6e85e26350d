import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A fenced block of code. */
export interface Block {
  readonly document: string;
  readonly line: number;
  /** What stands behind the opening fence: `js server`, for example. */
  readonly kind: string;
  readonly text: string;
}

export interface Table {
  /** The nearest heading above it. */
  readonly heading: string;
  readonly rows: readonly (readonly string[])[];
}

const GENERATED = new Set(['node_modules', 'dist', '.build', '.git']);

/** Every document of the repository, by its path. */
export const DOCUMENTS: readonly string[] = findDocuments('.');

function findDocuments(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => !GENERATED.has(name))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return findDocuments(path);
      return path.endsWith('.md') ? [path] : [];
    })
    .sort();
}

export function blocksOf(document: string): Block[] {
  const source = readFileSync(document, 'utf8');
  return [...source.matchAll(/^```(.*)\n([\s\S]*?)^```$/gm)].map(({ index, 1: kind, 2: text }) => ({
    document,
    line: source.slice(0, index).split('\n').length,
    kind: kind!,
    text: text!,
  }));
}

/** The blocks of all documents whose kind begins with this word. */
export function allBlocks(word: string): Block[] {
  return DOCUMENTS.flatMap(blocksOf).filter(({ kind }) => kind.split(' ')[0] === word);
}

/** For the name of a test. */
export function placeOf({ document, line }: Block): string {
  return `${document}:${line}`;
}

export function headingsOf(document: string): string[] {
  return [...proseOf(document).matchAll(/^#+ (.*)$/gm)].map(([, heading]) => heading!);
}

/** Targets of the links, as they were written. */
export function linksOf(document: string): string[] {
  return [...proseOf(document).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target!);
}

/** Its tables with their cells, header rows left out. */
export function tablesOf(document: string): Table[] {
  const tables: { heading: string; rows: string[][] }[] = [];
  let heading = '';
  let open = false;
  for (const line of proseOf(document).split('\n')) {
    if (line.startsWith('#')) heading = line.replace(/^#+ /, '');
    if (!line.startsWith('|')) open = false;
    else if (/^\|[-| :]+\|$/.test(line)) open = true;
    else if (open) tables.at(-1)!.rows.push(cellsOf(line));
    else tables.push({ heading, rows: [] });
  }
  return tables;
}

/** The one table under a heading. */
export function tableUnder(document: string, heading: string): Table['rows'] {
  const [table, ...others] = tablesOf(document).filter((each) => each.heading === heading);
  if (!table || others.length > 0) throw new Error(`${document}: "${heading}" should have one table`);
  return table.rows;
}

function cellsOf(line: string): string[] {
  return line
    .slice(1, -1)
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim().replaceAll('\\|', '|'));
}

function proseOf(document: string): string {
  return readFileSync(document, 'utf8').replace(/^```.*\n[\s\S]*?^```$/gm, '');
}

/** As GitHub makes them. */
export function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\w\- ]/g, '')
    .replaceAll(' ', '-');
}
