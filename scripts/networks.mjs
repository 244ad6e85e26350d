/*
 * Measures every network by `fanwire lab`, keeps what was read in bench/results/networks.json, and brings it into docs/networks.md,
 * between its markers. It takes the build in dist/.
 *
 *   node scripts/networks.mjs [--kept | --check]
 *
 * --kept measures nothing, and takes what was read last. So does --check, which writes nothing, and ends with 1 if the document
 * is not what it would write.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { judged } from '../dist/lab/claims.js';
import { cellsOf, disagreementsOf, HEAD, LEGEND, matricesOf, paceSentence } from '../dist/lab/report.js';
import { ROOT } from './prepare.mjs';

const RESULTS = 'bench/results/networks.json';
const DOCUMENT = 'docs/networks.md';
const MARKED = /(<!-- lab -->\n)[\s\S]*?(<!-- lab end -->)/;

process.chdir(ROOT);
const [mode] = process.argv.slice(2);
if (mode === undefined) measure();
const results = JSON.parse(readFileSync(RESULTS, 'utf8'));
const text = readFileSync(DOCUMENT, 'utf8');
const written = text.replace(MARKED, (_, begin, end) => `${begin}\n${report(results)}\n\n${end}`);
if (mode !== '--check') {
  writeFileSync(DOCUMENT, written);
  // Which has some of these figures, too.
  spawnSync(process.execPath, ['scripts/claims.mjs', '--kept'], { stdio: 'inherit' });
} else if (written !== text) {
  console.error(`${DOCUMENT} is not what ${RESULTS} says`);
  process.exitCode = 1;
}

function measure() {
  const args = ['dist/cli/main.js', 'lab', '--tls', 'none,end-to-end,inspected', '--json'];
  const { status, stdout } = spawnSync(process.execPath, args, {
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (status === null || stdout === '') throw new Error('fanwire lab did not come to its end');
  const machine = `${cpus().length} cores of ${cpus()[0].model.trim()}, Node ${process.version.slice(1)}`;
  const date = new Date().toISOString().slice(0, 10);
  writeFileSync(RESULTS, `${JSON.stringify({ date, machine, ...JSON.parse(stdout) }, null, 2)}\n`);
}

function report({ date, machine, pace, techniques, networks: columns, lostSilently }) {
  // What was read is kept; what is said of it may have changed since.
  const networks = columns.map((column) => ({
    ...column,
    cells: column.cells.map((cell) => ({ ...cell, claim: judged(column, cell, pace) })),
  }));
  const matrices = matricesOf({ techniques, networks });
  // Of the others their sentences are enough: each network has one table.
  const [{ columns: plain }, ...encrypted] = matrices;
  return [
    '### In brief',
    LEGEND,
    ...matrices.flatMap(({ title, does, rows }) => [`**${title}.** ${does}`, markdown(rows)]),
    lostSilently === 0 ? 'Nothing was lost silently.' : `Lost silently: ${lostSilently} messages.`,
    `*${date}; ${machine}; ${paceSentence(pace)}*`,
    ...plain.flatMap(({ title, network, does, changes, cells, conclusion }) => [
      `### ${title}`,
      `\`${network}\`. ${does} Midway: ${changes} **${conclusion}**`,
      markdown([[...HEAD, 'said'], ...cells.map((cell) => [...cellsOf(cell), cell.said.at(-1) ?? ''])]),
      ...disagreementsOf(cells),
    ]),
    ...encrypted.flatMap(({ title, columns }) => [
      `### ${title}`,
      columns.map((column) => `- **${column.title}**: ${column.conclusion}`).join('\n'),
    ]),
    '### The clients',
    markdown([['technique', 'its client'], ...techniques.map(({ name, how }) => [name, how])]),
  ].join('\n\n');
}

function markdown([head, ...rows]) {
  const line = (cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), `|${'---|'.repeat(head.length)}`, ...rows.map(line)].join('\n');
}
