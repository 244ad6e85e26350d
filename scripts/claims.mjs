/*
 * Lists every claim of src/field/ with where it is seen and what was read there, in docs/claims.md, between its markers. It goes
 * through the console in Chromium, asks the doctor and a hub's sockets, and keeps what it reads in bench/results/claims.json; what
 * lab and benchmarks have read stands in bench/results already. It takes the build in dist/, and about six minutes.
 *
 *   node scripts/claims.mjs [--kept | --check]
 *
 * --kept reads nothing, and takes what was read last. So does --check, which writes nothing, and ends with 1 if the document is
 * not what it would write.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { documentOf } from './claims/document.mjs';
import { ROOT } from './prepare.mjs';

const RESULTS = 'bench/results/claims.json';
const DOCUMENT = 'docs/claims.md';
const MARKED = /(<!-- claims -->\n)[\s\S]*?(<!-- claims end -->)/;

process.chdir(ROOT);
const [mode] = process.argv.slice(2);
if (mode === undefined) await read();
const text = readFileSync(DOCUMENT, 'utf8');
const results = JSON.parse(readFileSync(RESULTS, 'utf8'));
const benchmarks = readFileSync('docs/benchmarks.md', 'utf8');
const written = text.replace(
  MARKED,
  (_, begin, end) => `${begin}\n${documentOf(results, benchmarks)}\n\n${end}`,
);
if (mode !== '--check') writeFileSync(DOCUMENT, written);
else if (written !== text) {
  console.error(`${DOCUMENT} is not what bench/results says`);
  process.exitCode = 1;
}
// The hubs that were asked hold it open.
if (mode === undefined) process.exit();

async function read() {
  // Only here: a check needs no browser.
  const { readAll } = await import('./claims/read.mjs');
  const machine = `${cpus().length} cores of ${cpus()[0].model.trim()}, Node ${process.version.slice(1)}`;
  const date = new Date().toISOString().slice(0, 10);
  const readings = await readAll((name) => console.log(name));
  writeFileSync(RESULTS, `${JSON.stringify({ date, machine, readings }, null, 2)}\n`);
}
