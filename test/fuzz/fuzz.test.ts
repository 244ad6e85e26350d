import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { runsOf } from './runs.ts';
import { TARGETS } from './targets/all.ts';
import { closeNetwork } from './targets/network.ts';

/** About twenty seconds of it; `npm run fuzz` makes a million. */
const RUNS = 100_000;

after(closeNetwork);

for (const target of TARGETS) {
  test(`${target.name} do nothing but what is documented`, async () => {
    let ran = 0;
    const numRuns = runsOf(target, RUNS);
    await target.run({ numRuns }, () => ran++);
    assert.ok(ran >= numRuns, `${ran} of ${numRuns} runs`);
  });
}
