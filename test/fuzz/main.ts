/** `npm run fuzz`: inputs by the million for every parser, or for those that `--target` names. */
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Worker } from 'node:worker_threads';
import { runsOf } from './runs.ts';
import type { Target } from './target.ts';
import { TARGETS } from './targets/all.ts';
import { closeNetwork } from './targets/network.ts';

/** What may be in use more after a target's runs than before: caches that have a bound, and compiled code. */
const MAX_KEPT = 12 * 1024 * 1024;

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '1000000' },
    seed: { type: 'string' },
    path: { type: 'string' },
    target: { type: 'string', default: '' },
  },
});
const runs = Number(values.runs);
const seed = values.seed === undefined ? randomInt(2 ** 31) : Number(values.seed);
const chosen = TARGETS.filter(({ name }) => name.includes(values.target));
if (!Number.isSafeInteger(runs) || runs < 1 || !Number.isSafeInteger(seed) || chosen.length === 0) {
  console.error(
    `--runs and --seed are whole numbers, --target is part of: ${TARGETS.map(({ name }) => name).join('; ')}`,
  );
  process.exit(2);
}

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
const counter = new Int32Array(new SharedArrayBuffer(4));

let all = 0;
let failed = 0;
for (const target of chosen) if (!(await fuzz(target))) failed += 1;
await closeNetwork();
console.log(`${all} inputs, ${failed} of ${chosen.length} targets failed`);
process.exit(failed === 0 ? 0 : 1);

async function fuzz(target: Target): Promise<boolean> {
  const began = performance.now();
  const before = bytesInUse();
  const replay = `npm run fuzz -- --target '${target.name}' --runs ${runs} --seed ${seed}`;
  const watchdog = new Worker(new URL('./watchdog.js', import.meta.url), { workerData: { counter, replay } });
  let count = 0;
  try {
    const numRuns = values.path === undefined ? runsOf(target, runs) : 1;
    await target.run({ numRuns, seed, ...(values.path === undefined ? {} : { path: values.path }) }, () => {
      Atomics.add(counter, 0, 1);
      count += 1;
    });
    const kept = bytesInUse() - before;
    if (kept > MAX_KEPT) throw new Error(`${kept} bytes more are in use than before`);
    console.log(
      `✔ ${target.name}: ${count} inputs, ${((performance.now() - began) / 1000).toFixed(1)} s, ${kept} bytes kept`,
    );
    return true;
  } catch (error) {
    const { message, cause } = error as Error;
    const path = /path: "([^"]+)"/.exec(message)?.[1];
    console.error(`✖ ${target.name}\n${message}`, cause ?? '');
    console.error(`  again: ${replay}${path === undefined ? '' : ` --path ${path}`}`);
    return false;
  } finally {
    all += count;
    await watchdog.terminate();
  }
}

function bytesInUse(): number {
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
