/** The rig for as long as one likes: seed after seed, log after log. See `scripts/soak.mjs` for the arguments. */
import { test } from 'node:test';
import { runFaults } from './run.ts';
import { type LogName, WORLDS } from './worlds.ts';

const { log, seed, minutes, ...which } = JSON.parse(process.argv[2]!) as {
  log?: LogName;
  seed: number;
  minutes?: number;
  faults?: number;
  only?: string;
};
const logs = log === undefined ? (Object.keys(WORLDS) as LogName[]) : [log];
const end = performance.now() + (minutes ?? 0) * 60_000;

for (let next = seed; next === seed || performance.now() < end; next++) {
  for (const log of logs)
    await test(`${log}, seed ${next}`, (t) => runFaults(t, { ...which, log, seed: next }));
}
