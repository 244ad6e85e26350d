import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { type ClaimName, SUBJECTS, sentenceOf } from '../../src/field/claims.ts';
import { ASPECTS, COMPARED, COMPARISON } from '../../src/field/comparison.ts';
import { NETWORKS } from '../../src/lab/networks/networks.ts';
import { PATHS } from '../console/support/places.ts';
import { tableUnder } from './markdown.ts';

const DOCUMENT = 'docs/claims.md';
const RESULTS = 'bench/results/claims.json';
const LEARN = 'src/console/web/pages/learn';

interface Reading {
  readonly claims: readonly string[];
  /** A page's path, or what else was asked. */
  readonly at: string;
  readonly reading: string;
}

const { readings } = JSON.parse(readFileSync(RESULTS, 'utf8')) as { readings: readonly Reading[] };

test(`${DOCUMENT} shows what bench/results holds, and nothing else`, () => {
  const args = ['scripts/claims.mjs', '--check'];
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  assert.equal(status, 0, `run \`node scripts/claims.mjs --kept\`: ${stderr}`);
  const typed = readFileSync(DOCUMENT, 'utf8').replace(/<!-- claims -->[\s\S]*<!-- claims end -->/, '');
  assert.doesNotMatch(typed, /^\|/m, 'a table that no run would renew');
});

test('every claim of the field has a row, and every row a place and a reading', () => {
  const told = (heading: string) => {
    const rows = tableUnder(DOCUMENT, heading);
    for (const row of rows) assert.ok(row[1] && row[2], `${heading}: ${row.join(' | ')}`);
    return rows.flatMap(([claim]) => claim || []);
  };
  for (const [subject, claims] of Object.entries(SUBJECTS))
    assert.deepEqual(told(subject), Object.values(claims));
  for (const aspect of ASPECTS) {
    assert.deepEqual(
      told(aspect),
      COMPARED.map((name) => `${name}: ${COMPARISON[name][aspect]}`),
    );
  }
});

test('every place exists: pages, lessons, scenarios, networks, measures, files', () => {
  for (const { at } of readings) {
    if (at.startsWith('/')) assert.ok(PATHS.includes(at), at);
    else assert.ok(at === 'fanwire doctor' || existsSync(at), at);
  }
  const text = readFileSync(DOCUMENT, 'utf8');
  const measures = readdirSync('bench/measures').map((file) => file.replace('.mjs', ''));
  for (const [, network] of text.matchAll(/fanwire lab --only ([\w-]+)/g))
    assert.ok(
      NETWORKS.some(({ name }) => name === network),
      network,
    );
  for (const [, measure] of text.matchAll(/npm run bench -- ([\w-]+)/g))
    assert.ok(measures.includes(measure!), measure);
});

test('what the course claims was read in the course, by a run', () => {
  const sources = readdirSync(LEARN, { recursive: true })
    .map(String)
    .filter((file) => /(?<!\.test)\.tsx?$/.test(file))
    .map((file) => readFileSync(join(LEARN, file), 'utf8'));
  const read = new Set(readings.filter(({ at }) => at.startsWith('/learn')).flatMap(({ claims }) => claims));
  const named = sources.flatMap((text) =>
    [...text.matchAll(/\bof(?:=\{|: (?:readonly )?)\[([^\]]*)\]|\b(?:of|claim): ('[\w-]+')/g)].flatMap(
      ([, list = '', one = '']) => [...(list + one).matchAll(/'([^']+)'/g)].map(([, name]) => name!),
    ),
  );
  assert.ok(named.length > 30, `${named.length} claims`);
  for (const name of named)
    assert.ok(
      read.has(name),
      `run \`node scripts/claims.mjs\`: it has not read “${sentenceOf(name as ClaimName)}”`,
    );
});
