// What each transport takes on the server's side, in this repository.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { COMPARED } from '../../dist/field/comparison.js';

export function readCode() {
  return COMPARED.map((name) => {
    const at = `src/transports/${name}`;
    const files = readdirSync(at).filter((file) => !file.endsWith('.test.ts'));
    const lines = files.map((file) => readFileSync(join(at, file), 'utf8').split('\n').length - 1);
    const count = lines.reduce((sum, each) => sum + each, 0);
    const reading = `${count} lines in ${files.length} files, beside what the transports share.`;
    return { claims: [`${name}/Server code by hand`], at, part: 'the hub’s own', reading };
  });
}
