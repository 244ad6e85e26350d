/*
 * What another engine brings: the same program on the releases of Node that are supported, and on Bun, CPU of the server a delivery as in
 * measures/fan-out.mjs, as a ratio to the Node that runs the benchmark.
 */
import { ENGINES } from '../contestants.mjs';
import { Rounds } from '../support/statistics.mjs';
import { measure } from './fan-out.mjs';

const TITLES = { one: 'One message a tick', ten: 'Ten messages a tick' };

export const engines = {
  name: 'engines',
  title: 'What another engine brings',
  mostRounds: 3,
  async run({ rounds, say }) {
    const taking = ENGINES.filter(({ missing }) => !missing?.());
    const results = new Rounds();
    for (let round = 0; round < rounds; round++) {
      for (const contestant of taking) {
        const costs = await measure(contestant);
        for (const { id, ...figures } of costs) results.note(`${contestant.name} ${id}`, figures);
        say(contestant.name, costs.map(({ us }) => us.toFixed(2)).join(' '));
      }
    }
    return Object.entries(TITLES).map(([id, title]) => ({
      id,
      title: `${title}, 1,000 WebSockets`,
      columns: [
        { key: 'us', title: 'µs of CPU a delivery', decimals: 2 },
        { key: 'ratio', title: `× ${taking[0].name}`, decimals: 2 },
        { key: 'peakMB', title: 'peak MB', decimals: 0 },
      ],
      plot: { kind: 'bars', key: 'us', axis: 'µs of CPU a delivery' },
      rows: taking.map(({ name }) => ({
        name,
        ours: true,
        figures: {
          us: results.median(`${name} ${id}`, 'us'),
          ratio: results.ratio(`${name} ${id}`, 'us', `${taking[0].name} ${id}`),
          peakMB: results.most(`${name} ${id}`, 'peakMB'),
        },
      })),
    }));
  },
};
