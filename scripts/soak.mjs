// `npm run soak -- [--seed N] [--minutes N] [--log NAME] [--faults N] [--only TEXT]`: the rig of conformance/faults.
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { provideFaults } from './engines.mjs';
import { build, install, ROOT, requireNode, stop, succeeds } from './prepare.mjs';

const LOGS = ['memory', 'lmdb', 'redis', 'nats'];
const USAGE = `npm run soak -- [--seed N] [--minutes N] [--log ${LOGS.join('|')}] [--faults N] [--only TEXT]

  --seed N      begins with this one; without --minutes it is the only one (default: random)
  --minutes N   goes on with the next seeds for so long
  --log NAME    one log (default: each in turn)
  --faults N    so many faults a run (default: each that the log can meet, once)
  --only TEXT   only faults whose name has this in it`;

process.chdir(ROOT);
requireNode();
const options = readOptions();
install();
if (!succeeds(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.json'])) process.exit(1);
if (!build()) process.exit(1);
try {
  provideFaults();
} catch (error) {
  stop(error.message);
}
console.log(`The first seed is ${options.seed}.`);
const program = join('.build', 'conformance', 'faults', 'soak.js');
const reporter = ['--test-reporter=spec', '--test-reporter-destination=stdout'];
process.exit(succeeds(process.execPath, [...reporter, program, JSON.stringify(options)]) ? 0 : 1);

function readOptions() {
  try {
    const text = { type: 'string' };
    const { values } = parseArgs({
      options: { seed: text, minutes: text, log: text, faults: text, only: text, help: { type: 'boolean' } },
    });
    if (values.help) throw new Error('The rig of faults:');
    if (values.log !== undefined && !LOGS.includes(values.log))
      throw new Error(`--log: no log is called ${values.log}`);
    const numbers = ['seed', 'minutes', 'faults'].filter((name) => values[name] !== undefined);
    for (const name of numbers) {
      if (!/^\d+$/.test(values[name])) throw new Error(`--${name} takes a whole number, not ${values[name]}`);
    }
    const random = Math.floor(Math.random() * 1e9);
    return {
      seed: random,
      ...values,
      ...Object.fromEntries(numbers.map((name) => [name, Number(values[name])])),
    };
  } catch (error) {
    return stop(`${error.message}\n${USAGE}`);
  }
}
