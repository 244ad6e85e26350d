import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

test('docs/benchmarks.md and its plots show what bench/results holds, and nothing else', () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['bench/report.mjs', '--check'], {
    encoding: 'utf8',
  });
  assert.equal(status, 0, `run \`node bench/report.mjs\`: ${stdout}${stderr}`);
});

test('every figure of docs/benchmarks.md stands between the markers of bench/report.mjs', () => {
  const text = readFileSync('docs/benchmarks.md', 'utf8');
  const typed = text.replace(/<!-- bench: \S+ -->[\s\S]*?<!-- bench end -->/g, '');
  assert.doesNotMatch(typed, /^\||!\[/m, 'a table or plot that no run would renew');
});
