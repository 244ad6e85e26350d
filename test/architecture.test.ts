import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { tableUnder } from './documents/markdown.ts';

const MAX_LINES = 300;
/** What a log has to meet: the files beside the logs' own folders. */
const LOG_CONTRACT = filesOf('src/log')
  .filter((name) => name !== 'index.ts')
  .map((name) => `log/${name}`);
/** Of the folders of log/ those that are no log: what all have in common, and what is asked of each. */
const COMMON = ['kit', 'conformance'];
/** What differs from run to run, and so comes from a runtime: clocks, timers and chance. What comes next turn does not. */
const RUNTIMES_OWN =
  /\bDate\.now\b|\bnew Date\(\)|\bperformance\.now\b|\bhrtime\b|(?<!\.)\bset(Timeout|Interval)\(|\bsetTimeout as\b|\bMath\.random\b|\brandom(Bytes|Int|UUID)\b.*'node:crypto'|\bgetRandomValues\b/;
/** Bundlers for browsers replace it. */
const NODE_ONLY = 'client/websocket.node.ts';

/** Every file of the product, by its path below src/, with what it imports, types too. */
const sources = readdirSync('src', { recursive: true })
  .map(String)
  .filter((path) => /(?<!\.test)\.tsx?$/.test(path))
  .map((path) => {
    const text = readFileSync(join('src', path), 'utf8');
    const imported = [...text.matchAll(/(?:\bfrom|\bimport\(?)\s*'([^']+)'/g)].map(([, name]) => name!);
    const imports = imported.map((name) => (name.startsWith('.') ? join(dirname(path), name) : name));
    return { path, text, imports };
  });

/** A folder of src/, or a file beside them. */
function partOf(path: string): string {
  return path.split('/')[0]!.replace(/\.ts$/, '');
}

/** The table of ARCHITECTURE.md. */
const allowed = new Map(
  tableUnder('ARCHITECTURE.md', 'Who may import whom').flatMap(([parts = '', cell = '']) => {
    const [whole = '', contract] = cell.split('of `log` only the contract');
    const targets = [...namesIn(whole), ...(contract === undefined ? [] : LOG_CONTRACT)];
    return namesIn(parts).map((part) => [part, targets] as const);
  }),
);

/** @param target a folder of any depth, a file beside the folders, or a file by its whole path */
function isWithin(target: string, path: string): boolean {
  return path === target || path === `${target}.ts` || path.startsWith(`${target}/`);
}

function namesIn(cell: string): string[] {
  return [...cell.matchAll(/`([\w/-]+)`/g)].map(([, name]) => name!);
}

test('every part of src/ has a row in the table of ARCHITECTURE.md, and every row a part', () => {
  assert.deepEqual([...allowed.keys()].sort(), [...new Set(sources.map(({ path }) => partOf(path)))].sort());
});

for (const [part, targets] of allowed) {
  test(`${part} imports only what ARCHITECTURE.md lets it`, () => {
    for (const { path, imports } of sources.filter((source) => partOf(source.path) === part)) {
      const others = imports.filter((name) => /\.tsx?$/.test(name) && partOf(name) !== part);
      const refused = others.find((name) => !targets.some((target) => isWithin(target, name)));
      assert.equal(refused, undefined, `${path} imports ${refused}`);
    }
  });
}

test('siblings never import each other: no transport another, no log another', () => {
  const transports = foldersOf('transports');
  const logs = foldersOf('log').filter((name) => !COMMON.includes(name));
  for (const siblings of [
    transports.map((name) => `transports/${name}/`),
    transports.map((name) => `client/transports/${name}.ts`),
    logs.map((name) => `log/${name}/`),
  ]) {
    for (const own of siblings) {
      for (const { path, imports } of sources.filter((source) => source.path.startsWith(own))) {
        const other = imports.find((name) => siblings.some((each) => each !== own && name.startsWith(each)));
        assert.equal(other, undefined, `${path} imports ${other}`);
      }
    }
  }
});

test('what logs have in common knows none of them, and nor does what is asked of them', () => {
  const inCommon = sources.filter(({ path }) => COMMON.some((name) => isWithin(`log/${name}`, path)));
  for (const { path, imports } of inCommon) {
    const others = imports.filter((name) => name.startsWith('log/') && !isWithin(dirname(path), name));
    assert.deepEqual(
      others.filter((name) => !LOG_CONTRACT.includes(name) && !isWithin('log/kit', name)),
      [],
      path,
    );
  }
});

function filesOf(folder: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map(({ name }) => name);
}

function foldersOf(part: string): string[] {
  const entries = readdirSync(join('src', part), { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
}

test('nothing that a browser gets uses what only Node has', () => {
  const ofClient = sources.filter(({ path }) => partOf(path) === 'client').flatMap(({ imports }) => imports);
  for (const { path, text, imports } of sources) {
    if (
      path === NODE_ONLY ||
      !['protocol', 'wire', 'client', 'react', 'channels', 'field'].includes(partOf(path))
    )
      continue;
    assert.deepEqual(
      imports.filter((name) => /^node:|^ws$/.test(name)),
      [],
      path,
    );
    // The formats that only the hub writes are made of Buffers.
    if (partOf(path) !== 'wire' || ofClient.includes(path)) assert.doesNotMatch(text, /\bBuffer\b/, path);
  }
});

test('hub, logs and client take time and chance from the runtime that they were given', () => {
  for (const { path, text } of sources.filter(({ path }) =>
    ['hub', 'log', 'client'].includes(partOf(path)),
  )) {
    if (isWithin('log/conformance', path)) continue;
    const code = text.replace(/\/\*.*?\*\/|\/\/.*$/gms, '');
    assert.doesNotMatch(code, RUNTIMES_OWN, path);
  }
});

/** Those that nobody writes are as long as what they are generated from. */
const written = sources.filter(({ path }) => !isWithin('grpc/gen', path));

test(`no file has more than ${MAX_LINES} lines`, () => {
  const long = written.filter(({ text }) => text.split('\n').length - 1 > MAX_LINES);
  assert.deepEqual(
    long.map(({ path }) => path),
    [],
  );
});
