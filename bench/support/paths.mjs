import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const BENCH = dirname(dirname(fileURLToPath(import.meta.url)));
export const ROOT = dirname(BENCH);
export const RESULTS = join(BENCH, 'results');

/** What a run writes and nobody reads afterwards. */
export const SCRATCH = mkdtempSync(join(tmpdir(), 'fanwire-bench-'));
process.once('exit', () => rmSync(SCRATCH, { recursive: true, force: true }));
