import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { onEnd } from './on-end.ts';

/** An empty directory that goes with the test. */
export function makeDirectory(t: TestContext): Promise<string> {
  return makeIn(tmpdir(), t);
}

/** The same in memory where the system has that: a sync costs nothing, as in a test of what is not lost it may not. */
export function makeFastDirectory(t: TestContext): Promise<string> {
  return makeIn(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), t);
}

async function makeIn(parent: string, t: TestContext): Promise<string> {
  const directory = await mkdtemp(join(parent, 'fanwire-'));
  // Last of all: who uses it has to be gone.
  onEnd(t, () => rm(directory, { recursive: true, force: true }));
  return directory;
}
