// A node that publishes by itself as it is told, over the process's channel to its parent: first which log it opens,
// then {inFlight, ms}, each answered by {publishes, ms}.
import { once } from 'node:events';
import { setTimeout as delay, setImmediate as turn } from 'node:timers/promises';
import { createHub } from '../../dist/index.js';

const DATA = 'x'.repeat(126);
const CHANNELS = 10;

const [{ engine, options }] = await once(process, 'message');
process.once('disconnect', () => process.exit());
const { [`${engine}Log`]: openLog } = await import(
  `../../dist/log/${engine === 'memory' ? 'memory/memory-log' : `${engine}/index`}.js`
);
const hub = createHub({
  log: openLog(options),
  // A cluster takes its time until it answers.
  onError: () => {},
});
for (let ready = false; !ready; ) {
  ready = await hub.publish('c0', DATA).then(
    () => true,
    () => delay(100, false),
  );
}
process.on('message', async ({ inFlight, ms }) => {
  const begin = performance.now();
  let publishes = 0;
  const lane = async (index) => {
    for (let channel = index; performance.now() - begin < ms; channel++) {
      await hub.publish(`c${channel % CHANNELS}`, DATA);
      publishes++;
      // A log in memory answers without a turn of the event loop; a server has one after each read of a socket.
      await turn();
    }
  };
  await Promise.all(Array.from({ length: inFlight }, (_, index) => lane(index)));
  process.send({ publishes, ms: performance.now() - begin });
});
process.send('ready');
