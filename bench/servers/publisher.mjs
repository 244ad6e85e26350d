// How every Node server of the benchmark is driven: it prints its port, and each line "TICKS BATCH INTERVAL-US" on
// standard input has it publish, TICKS times, BATCH messages within one turn of the event loop; "collect" collects garbage.
import { createInterface } from 'node:readline';
import { setTimeout as delay, setImmediate as nextTurn } from 'node:timers/promises';

const PAYLOAD = 128;
let number = 0;

/** A payload of 128 bytes that begins with its number and the time, as load/subscribers.c reads them. */
export function payload() {
  const us = process.hrtime.bigint() / 1000n;
  return `#${String(number++).padStart(8, '0')}:${String(us).padStart(16, '0')}#`.padEnd(PAYLOAD, 'x');
}

/**
 * @param {number} port
 * @param {(payload: string) => unknown} publish
 */
export function drive(port, publish) {
  console.log(JSON.stringify({ port }));
  createInterface({ input: process.stdin }).on('line', async (line) => {
    if (line === 'collect') {
      // What a collection would free is no cost of a connection.
      for (let round = 0; round < 4; round++) {
        globalThis.gc?.();
        await delay(100);
      }
      console.log('{"done":true}');
      return;
    }
    const [ticks, batch, intervalUs] = line.split(' ').map(Number);
    for (let tick = 0; tick < ticks; tick++) {
      const due = performance.now() + intervalUs / 1000;
      for (let i = 0; i < batch; i++) publish(payload());
      const left = due - performance.now();
      if (left >= 1) await delay(left);
      else await nextTurn();
    }
    console.log('{"done":true}');
  });
}
