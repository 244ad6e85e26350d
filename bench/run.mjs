// `npm run bench`: installs the peers that are measured beside fanwire, builds, and runs every benchmark in turn.
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildIfStale, install, requireNode } from '../scripts/prepare.mjs';

const HERE = dirname(fileURLToPath(import.meta.url));

requireNode();
install();
buildIfStale();
run('npm', ['ci', '--no-audit', '--no-fund']);
for (const benchmark of ['fan-out', 'requests', 'idle']) {
  console.log(`\n── ${benchmark}`);
  run(process.execPath, [`${benchmark}.mjs`]);
}

function run(command, args) {
  const { status } = spawnSync(command, args, { cwd: HERE, stdio: 'inherit' });
  if (status !== 0) throw new Error(`${join('bench', args[0])} ended with ${status}`);
}
