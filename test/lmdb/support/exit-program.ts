/** A process that ends by itself while it appends: `exit` or `throw`, so many turns of its loop later. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { appendOne } from '../../../src/log/append-one.ts';
import { lmdbLog } from '../../../src/log/lmdb/index.ts';
import { PATIENT_MS } from '../../support/patience.ts';

const [directory, how, turns] = process.argv.slice(2);
const log = lmdbLog({ directory: directory!, timeoutMs: PATIENT_MS });
await log.open({ appended() {}, interrupted() {} }, () => ({ count: 1e6, ageMs: 1e9 }));
const append = (text: string) =>
  appendOne(log, {
    message: { channel: 'a', type: undefined, time: Date.now(), payload: { kind: 'text', text } },
    idempotencyKey: undefined,
  });

await append('acknowledged');
void append('under way');
for (let turn = 0; turn < Number(turns); turn++) await nextTurn();
if (how === 'throw') process.nextTick(fail);
// LMDB's thread gets as far as it can without this one, so that what it then waits for never comes.
Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);
if (how === 'exit') process.exit(3);

function fail(): never {
  throw new Error('a fault of the program');
}
