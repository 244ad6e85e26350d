import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { NETWORKS } from '../../src/lab/networks/networks.ts';
import { MAX_PACE } from '../../src/lab/pace.ts';

const DOCUMENT = 'docs/networks.md';

test(`${DOCUMENT} shows what bench/results/networks.json holds, and nothing else`, () => {
  const args = ['scripts/networks.mjs', '--check'];
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  assert.equal(status, 0, `run \`node scripts/networks.mjs --kept\`: ${stderr}`);
  const typed = readFileSync(DOCUMENT, 'utf8').replace(/<!-- lab -->[\s\S]*<!-- lab end -->/, '');
  assert.doesNotMatch(typed, /^\|/m, 'a table that no run would renew');
});

test(`${DOCUMENT} lists every network, and how fast they may be`, () => {
  const text = readFileSync(DOCUMENT, 'utf8');
  const [, listed = ''] = /--only NETWORK`\*\*([\s\S]*?)\n- /.exec(text) ?? [];
  assert.deepEqual(
    [...listed.matchAll(/`([\w-]+)`/g)].map(([, name]) => name),
    NETWORKS.map(({ name }) => name),
  );
  assert.ok(text.includes(`from 1 to ${MAX_PACE};`));
});
