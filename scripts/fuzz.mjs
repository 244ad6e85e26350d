// `npm run fuzz [-- --runs N --seed N --target NAME --path PATH]`: installs and compiles what is missing, then throws a
// million inputs at every parser that touches the network. A failure prints the line that shows it again.
import { install, ROOT, requireNode, stop, succeeds } from './prepare.mjs';

process.chdir(ROOT);
requireNode();
install();
if (!succeeds(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.json'])) {
  stop('The compiler failed: its own words are above.');
}
process.exit(succeeds(process.execPath, ['.build/test/fuzz/main.js', ...process.argv.slice(2)]) ? 0 : 1);
