/*
 * Subscribers in one process, of a kind that load/subscribers.c does not know.
 *
 *   node sessions.mjs KIND PORT
 *
 * It takes the lines `open COUNT`, `reset` and `report`, and answers as that does.
 */
import { createInterface } from 'node:readline';
import { Arrivals } from './arrivals.mjs';
import { SUBSCRIPTIONS } from './subscription.mjs';

const [kind, port] = process.argv.slice(2);
/** Handshakes at once: fewer than the engine takes without asking for a proof of the address. */
const AT_ONCE = 8;
const subscribers = [];

const commands = {
  async open(count) {
    let left = count;
    const lane = async () => {
      while (left-- > 0) {
        const arrivals = new Arrivals();
        await SUBSCRIPTIONS[kind](port, '/channels/scores-0', (text) => arrivals.take(text));
        subscribers.push(arrivals);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, lane));
  },
  reset() {
    for (const each of subscribers) each.reset();
  },
  report() {
    const sum = (of) => subscribers.reduce((all, each) => all + of(each), 0);
    const counts = subscribers.map(({ count }) => count);
    const newest = subscribers.map(({ last }) => last);
    return {
      messages: sum(({ count }) => count),
      faults: sum(({ faults }) => faults),
      least: Math.min(...counts),
      most: Math.max(...counts),
      behind: Math.min(...newest),
      ahead: Math.max(...newest),
    };
  },
};

console.log('{}');
createInterface({ input: process.stdin })
  .on('line', async (line) => {
    const [command, ...numbers] = line.split(' ');
    console.log(JSON.stringify((await commands[command](...numbers.map(Number))) ?? {}));
  })
  .once('close', () => process.exit());
