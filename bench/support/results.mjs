import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RESULTS } from './paths.mjs';

/** What was kept of whole runs, by measure. Other programs keep readings of another form there, which are left out. */
export function storedResults() {
  const results = readdirSync(RESULTS)
    .filter((name) => name.endsWith('.json'))
    .map((name) => JSON.parse(readFileSync(join(RESULTS, name), 'utf8')));
  return Object.fromEntries(results.filter(({ tables }) => tables).map((result) => [result.measure, result]));
}
