// `npm run generate`: proto/ → src/grpc/gen, which is committed. The folder may be named: a test compares a fresh one.
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { provideProtoc } from './engines.mjs';
import { ROOT, succeeds } from './prepare.mjs';

process.chdir(ROOT);
const [folder = 'src/grpc/gen'] = process.argv.slice(2);
provideProtoc();
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const files = readdirSync('proto', { recursive: true }).filter((name) => name.endsWith('.proto'));
const generated = succeeds('protoc', [
  '-I',
  'proto',
  `--plugin=protoc-gen-es=${join('node_modules', '.bin', 'protoc-gen-es')}`,
  `--es_out=${folder}`,
  '--es_opt=target=ts,import_extension=ts,erasable_syntax=true',
  ...files,
]);
process.exit(generated ? 0 : 1);
