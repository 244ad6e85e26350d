/*
 * What subscribers that read nothing cost: 100 of them stop reading while 8,000 messages of 2 kB are published, 16 MB for
 * each; the most that the server's memory grew meanwhile. What their sockets take up is the kernel's, and the same for
 * all; the rest a server keeps for each of them, throws away, or, as fanwire, leaves in the log, where it is kept
 * once. Then they read on: what they get is what they should have had, or not. A server that takes more than a minute to
 * publish all of it, which the others do in ten seconds, has no figure.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { withArguments } from '../contestants.mjs';
import { peakOf, residentOf } from '../support/process.mjs';
import { Subscribers, startServer } from '../support/subscribers.mjs';

const SUBSCRIBERS = 100;
const BYTES = 2048;
const TICKS = 800;
const BATCH = 10;
const MESSAGES = TICKS * BATCH;
const RECEIVE_BYTES = 64 * 1024;
const PATIENCE_MS = 60_000;
/** The log has to hold what everybody has still to read: by default it keeps 1,000 messages. */
const RETAINING = JSON.stringify({ channels: { '*': { retain: { count: 2 * MESSAGES } } } });

export const slow = {
  name: 'slow',
  title: 'What subscribers that do not read cost',
  mostRounds: 1,
  async run({ contestants, say }) {
    const rows = [];
    for (const contestant of contestants.filter(({ floor }) => !floor)) {
      const figures = await measure(contestant.ours ? withArguments(contestant, RETAINING) : contestant);
      rows.push({ name: contestant.name, ours: contestant.ours, figures });
      const { grewMB, percent } = figures;
      say(
        contestant.name,
        grewMB === undefined ? 'not done in time' : `${grewMB.toFixed(0)} MB, ${percent.toFixed(1)} %`,
      );
    }
    return [
      {
        id: 'slow',
        title: `${SUBSCRIBERS} subscribers read nothing of ${Math.round((MESSAGES * BYTES) / 1e6)} MB each`,
        columns: [
          { key: 'grewMB', title: 'MB that the server grew', decimals: 0 },
          { key: 'percent', title: '% they got in the end', decimals: 1 },
        ],
        plot: { kind: 'bars', key: 'grewMB', axis: 'MB that the server’s memory grew' },
        rows,
      },
    ];
  },
};

async function measure(contestant) {
  const server = await startServer(contestant);
  const load = await Subscribers.open(contestant, server, SUBSCRIBERS, { receiveBytes: RECEIVE_BYTES });
  await load.warmUp();
  await server.ask(`size ${BYTES}`);
  await server.ask('collect');
  const before = residentOf(server.served);
  await load.child.ask('reset');
  await load.child.ask(`pause 0 ${SUBSCRIBERS}`);
  const published = await Promise.race([server.ask(`ticks ${TICKS} ${BATCH} 10000`), delay(PATIENCE_MS)]);
  if (!published) {
    await load.stop();
    await server.stop();
    return {};
  }
  const { last } = published;
  const grewMB = (peakOf(server.served) - before) / 2 ** 20;
  await load.child.ask(`resume 0 ${SUBSCRIBERS}`);
  const report = await load.settled(last);
  const percent = (100 * report.messages) / (MESSAGES * SUBSCRIBERS);
  if (contestant.ours && (report.faults > 0 || report.least !== MESSAGES || report.most !== MESSAGES))
    throw new Error(`${contestant.name} did not deliver exactly: ${JSON.stringify(report)}`);
  await load.stop();
  await server.stop();
  return { grewMB, percent };
}
