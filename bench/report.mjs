/*
 * Brings the figures of bench/results into docs/benchmarks.md, between its markers, and into src/capacity/figures.ts, and draws
 * docs/benchmarks/*.svg.
 *
 *   node bench/report.mjs [--check]
 *
 * With --check it writes nothing, and ends with 1 if something it would write is not what stands there.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checksOf, figuresOf } from './capacity/figures.mjs';
import { plot } from './report/svg.mjs';
import { formatted, markdownTable, verdict } from './report/text.mjs';
import { storedResults } from './support/results.mjs';
import { TARGETS, targetOf } from './targets.mjs';

const BENCH = dirname(fileURLToPath(import.meta.url));
const DOCS = join(BENCH, '../docs');
const DOCUMENT = join(DOCS, 'benchmarks.md');
const PLOTS = join(DOCS, 'benchmarks');
const FIGURES = join(BENCH, '../src/capacity/figures.ts');
const MARKED = /(<!-- bench: (\S+) -->\n)[\s\S]*?(<!-- bench end -->)/g;

/** Everything that follows from the results, by its path. */
function report() {
  const results = storedResults();
  const text = readFileSync(DOCUMENT, 'utf8').replace(
    MARKED,
    (_, begin, name, end) => `${begin}\n${sectionOf(name, results)}\n\n${end}`,
  );
  const plots = Object.values(results).flatMap(({ measure, tables }) =>
    tables.map((table) => [
      join(PLOTS, plotName(measure, table)),
      plot(table, (row, column) => targetOf(measure, table.id, row, column)),
    ]),
  );
  const figures = figuresOf(results);
  return new Map([
    [DOCUMENT, text],
    ...(figures ? [[FIGURES, moduleOf(figures, checksOf(results))]] : []),
    ...plots,
  ]);
}

/** What the model of src/capacity is made of, and held to, as the product has it. */
function moduleOf(figures, checks) {
  return [
    '// Written by bench/report.mjs from bench/results, not by hand.',
    "import type { CapacityFigures, Check } from './model.ts';",
    '',
    `export const FIGURES: CapacityFigures = ${JSON.stringify(figures, null, 2)};`,
    '',
    '/** Loads that one node was given, from few users to many. */',
    `export const CHECKS: readonly Check[] = ${JSON.stringify(checks, null, 2)};`,
    '',
  ].join('\n');
}

function sectionOf(name, results) {
  if (name === 'targets') return targets(results);
  const result = results[name];
  if (!result) return '*Not measured yet.*';
  const tables = result.tables.map(
    (table) =>
      `![${table.title}](benchmarks/${plotName(name, table)})\n\n${table.title}:\n\n${markdownTable(name, table)}`,
  );
  return [...tables, circumstances(result)].join('\n\n');
}

const plotName = (measure, { id }) => `${measure}-${id}.svg`;

function targets(results) {
  const lines = TARGETS.map((target) => {
    const table = results[target.measure]?.tables.find(({ id }) => id === target.table);
    const figure = table?.rows.find(({ name }) => name === target.row)?.figures[target.column];
    const column = table?.columns.find(({ key }) => key === target.column);
    const reading =
      figure === undefined
        ? `not measured yet (≤ ${target.most})`
        : `${formatted(figure, column.decimals)} ${verdict(figure, target)}`;
    return `| ${target.what} | ${target.unit} | ${reading} |`;
  });
  return ['| of fanwire | in | figure |', '|---|---|--:|', ...lines].join('\n');
}

function circumstances({ date, machine, versions, rounds, othersPercent, missing }) {
  const { node, fanwire, ...peers } = versions;
  const named = Object.entries(peers).map(([name, version]) => `${name} ${version}`);
  const absent = [...new Set(missing.map(({ sentence }) => ` ${sentence}.`))];
  return [
    `*${date}; ${machine.cores} cores of ${machine.cpu}, ${machine.memoryGB} GB, Linux ${machine.kernel}; Node ${node}; fanwire ${fanwire};`,
    `${named.join(', ')}; ${rounds} ${rounds === 1 ? 'round' : 'rounds'}. Other processes took ${othersPercent} % of the machine meanwhile.${absent.join('')}*`,
  ].join('\n');
}

/** @returns the paths of what was not as it should be */
export function writeReport({ check = false } = {}) {
  const stale = [...report()].filter(
    ([path, text]) => !existsSync(path) || readFileSync(path, 'utf8') !== text,
  );
  if (!check) {
    mkdirSync(PLOTS, { recursive: true });
    for (const [path, text] of stale) writeFileSync(path, text);
    // docs/claims.md has some of these figures, too.
    spawnSync(process.execPath, ['scripts/claims.mjs', '--kept'], {
      cwd: join(BENCH, '..'),
      stdio: 'inherit',
    });
  }
  return stale.map(([path]) => path);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const check = process.argv.includes('--check');
  const stale = writeReport({ check });
  for (const path of stale) console.log(`${check ? 'not as bench/results says' : 'written'}: ${path}`);
  if (check && stale.length > 0) process.exitCode = 1;
}
