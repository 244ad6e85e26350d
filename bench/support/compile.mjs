import { spawnSync } from 'node:child_process';
import { basename, join } from 'node:path';
import { BENCH, SCRATCH } from './paths.mjs';

const compiled = new Set();

/** Compiles one of the benchmark's C programs, unless that has been done, and returns its path. */
export function compile(source) {
  const binary = join(SCRATCH, basename(source, '.c'));
  if (compiled.has(source)) return binary;
  const { status } = spawnSync('cc', ['-O2', '-o', binary, join(BENCH, source)], { stdio: 'inherit' });
  if (status !== 0)
    throw new Error(`${source} did not compile: the benchmark needs a C compiler (gcc or clang)`);
  compiled.add(source);
  return binary;
}
