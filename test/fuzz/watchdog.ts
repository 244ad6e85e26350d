/** A thread that ends the process when another stands still, and says where that was: a loop without end ends no other way. */
import { writeSync } from 'node:fs';
import { workerData } from 'node:worker_threads';

const STANDS_MS = 30_000;
const { counter, replay } = workerData as { counter: Int32Array<SharedArrayBuffer>; replay: string };
const sleep = new Int32Array(new SharedArrayBuffer(4));

for (let before = -1; ; ) {
  const now = Atomics.load(counter, 0);
  if (now === before) {
    writeSync(2, `hangs at run ${now}: ${replay}\n`);
    process.kill(process.pid, 'SIGKILL');
  }
  before = now;
  Atomics.wait(sleep, 0, 0, STANDS_MS);
}
