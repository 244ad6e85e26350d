/*
 * `npm run bench -- [--quick] [--rounds N] [--only CONTESTANT …] [measure …]`
 *
 * Installs the peers that are measured beside fanwire, builds, runs the measures (all without a name), prints their
 * tables and sees whether the targets are met. A whole run of a measure is written to bench/results, and from there to
 * docs/benchmarks.md; a quick one, or one with fewer contestants, is only printed.
 */
import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { buildIfStale, install, requireNode, stop } from '../scripts/prepare.mjs';
import { BENCH } from './support/paths.mjs';

requireNode();
if (process.platform !== 'linux' || availableParallelism() < 2)
  stop(
    'The benchmark needs Linux, whose /proc tells what a process costs, and two processors: one for the load.',
  );
// Where Debian has nginx and mosquitto, and a user's shell does not look.
process.env.PATH += ':/usr/local/sbin:/usr/sbin';
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: 'boolean', default: false },
    rounds: { type: 'string' },
    only: { type: 'string', multiple: true },
  },
});
install();
buildIfStale();
const inBench = { cwd: BENCH, stdio: 'ignore' };
if (
  spawnSync('npm', ['ls'], inBench).status !== 0 &&
  spawnSync('npm', ['ci', '--no-audit', '--no-fund'], { ...inBench, stdio: 'inherit' }).status !== 0
)
  stop('`npm ci` failed in bench: its own words are above');

// Only now: they need what has just been installed.
const { CONTESTANTS } = await import('./contestants.mjs');
const { MEASURES } = await import('./measures.mjs');
const { printTable } = await import('./report/text.mjs');
const { writeReport } = await import('./report.mjs');
const { watchOthers } = await import('./support/busy.mjs');
const { environment, record } = await import('./support/record.mjs');

const measures = MEASURES.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
const unknown = positionals.filter((word) => !MEASURES.some(({ name }) => name === word));
if (unknown.length > 0)
  stop(`There is no measure ${unknown.join(', ')}, but ${MEASURES.map(({ name }) => name).join(', ')}.`);
const wanted = CONTESTANTS.filter(
  ({ name, floor }) => floor || !values.only || values.only.some((word) => name.includes(word)),
);
const missing = wanted.flatMap(({ name, missing }) => {
  const sentence = missing?.();
  return sentence ? [{ name, sentence }] : [];
});
for (const { name, sentence } of missing) console.log(`${name} does not take part: ${sentence}`);

const wantedRounds = Number(values.rounds ?? (values.quick ? 1 : 5));
const context = {
  contestants: wanted.filter((contestant) => !contestant.missing?.()),
  quick: values.quick,
  say: (name, text) => console.log(`  ${name.padEnd(28)} ${text}`),
};
for (const measure of measures) {
  console.log(`\n── ${measure.name}: ${measure.title.toLowerCase()}`);
  const others = watchOthers();
  // Some take so long, or vary so little, that more rounds would tell nothing more.
  const rounds = Math.min(wantedRounds, measure.mostRounds ?? Infinity);
  const tables = await measure.run({ ...context, rounds });
  const othersPercent = others();
  console.log(`\nother processes took ${othersPercent} % of the machine meanwhile`);
  for (const table of tables) printTable(measure.name, table);
  if (!values.quick && !values.only) {
    record(measure, { ...environment(), rounds, othersPercent, missing }, tables);
    writeReport();
  }
}
process.exit();
