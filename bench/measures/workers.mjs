/*
 * What further workers bring: the most deliveries a second of `fanwire serve --workers N --log lmdb:…` with 1,000
 * WebSocket subscribers, found as in measures/latency.mjs, published to by HTTP in batches. Server, publisher and load
 * share all processors here, as a second worker has to run somewhere: with two cores it takes them from the
 * load, and what is measured is the machine. Only with cores to spare does it tell what workers are for.
 */
import { cpus } from 'node:os';
import { WORKERS, withArguments } from '../contestants.mjs';
import { Rounds } from '../support/statistics.mjs';
import { mostOf } from './latency.mjs';

export const workers = {
  name: 'workers',
  title: 'What further workers bring',
  mostRounds: 3,
  async run({ rounds, quick, say }) {
    const counts = [1, 2, 4].filter((count) => count <= cpus().length);
    const results = new Rounds();
    for (let round = 0; round < rounds; round++) {
      for (const count of counts) {
        const most = await mostOf(withArguments(WORKERS, String(count)), quick ? 0.5 : 2, { pinned: false });
        results.note(count, most);
        say(`${count} workers`, `${Math.round(most.rate)}/s`);
      }
    }
    return [
      {
        id: 'workers',
        title: `--workers over a log on disk, ${cpus().length} cores for server, publisher and load`,
        columns: [
          { key: 'deliveries', title: 'deliveries/s', decimals: 0 },
          { key: 'us', title: 'µs of CPU a delivery', decimals: 2 },
          { key: 'serverCores', title: 'cores, server', decimals: 2 },
          { key: 'loadCores', title: 'cores, load', decimals: 2 },
        ],
        plot: { kind: 'bars', key: 'deliveries', axis: 'deliveries a second' },
        rows: counts.map((count) => ({
          name: count === 1 ? '1 worker' : `${count} workers`,
          ours: true,
          figures: results.medians(count, ['deliveries', 'us', 'serverCores', 'loadCores']),
        })),
      },
    ];
  },
};
