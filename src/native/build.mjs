// `node src/native/build.mjs`: writer.c → a library for each processor, and builds.sha256 with what they were made of. Needs zig, as a compiler for
// all of them: `pip install ziglang`. The package has the built ones, so that nobody who installs it needs a compiler.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { include_dir as headers } from 'node-api-headers';

const FOLDER = dirname(fileURLToPath(import.meta.url));
/** By `process.platform` and `process.arch`. Nothing of a C library is linked: the process has one, glibc or musl. */
const TARGETS = { 'linux-x64': 'x86_64-linux-gnu', 'linux-arm64': 'aarch64-linux-gnu' };
const OPTIONS = ['-O2', '-shared', '-fPIC', '-nostdlib', '-fvisibility=hidden', '-fno-sanitize=all', '-s'];

for (const [name, target] of Object.entries(TARGETS)) {
  const output = join(FOLDER, `${name}.node`);
  const args = ['cc', '-target', target, ...OPTIONS, '-I', headers, 'writer.c', '-o', output];
  const { status } = spawnSync('python3', ['-m', 'ziglang', ...args], { cwd: FOLDER, stdio: 'inherit' });
  if (status !== 0) throw new Error(`${name} did not build; it needs zig: pip install ziglang`);
}
const files = ['writer.c', ...Object.keys(TARGETS).map((name) => `${name}.node`)];
const sums = files.map((file) => `${sha256(readFileSync(join(FOLDER, file)))}  ${file}\n`);
writeFileSync(join(FOLDER, 'builds.sha256'), sums.join(''));

function sha256(bytes) {
  return createHash('sha256').update(bytes).digest('hex');
}
