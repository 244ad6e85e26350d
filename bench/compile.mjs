import { spawnSync } from 'node:child_process';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const HERE = dirname(fileURLToPath(import.meta.url));

/** Compiles one of the benchmark's C programs into a folder and returns its path. */
export function compile(source, folder) {
  const binary = join(folder, basename(source, '.c'));
  const { status } = spawnSync('cc', ['-O2', '-o', binary, join(HERE, source)], { stdio: 'inherit' });
  if (status !== 0)
    throw new Error(`${source} did not compile: the benchmark needs a C compiler (gcc or clang)`);
  return binary;
}
