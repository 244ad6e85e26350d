/*
 * How long a message takes from when it was due to be published until a subscriber has it: 1,000 subscribers, 128 bytes.
 *
 * First the most that a server can do: messages a second, such that all are delivered in order, 99 of 100 within 100 ms. It
 * is doubled until that fails twice (once may be the machine's fault), then halved in on. Then the latencies at 25, 50 and
 * 75 % of a server's own most, and at 40 messages a second for all. Messages are published when they are due, whatever became of those before;
 * each carries the time at which it was due, so that a server that falls behind can't hide it (no coordinated omission).
 * The load runs on a processor of its own; where that was busy all the time, the figure is the load's.
 */
import { peakOf } from '../support/process.mjs';
import { Subscribers, startServer } from '../support/subscribers.mjs';

const SUBSCRIBERS = 1000;
const BOUND_MS = 100;
/** Nothing for so long: what has not come is lost, or later than it may be by far. */
const LOST_MS = 5_000;
const FIRST_RATE = 10;
const LAST_RATE = 20_480;
const HALVINGS = 3;
const SAME_RATE = 40;
const SHARES = [0.25, 0.5, 0.75];
const PERCENTILES = [
  { key: 'p50', title: 'median ms', decimals: 2 },
  { key: 'p99', title: '99 % ms', decimals: 2 },
  { key: 'p999', title: '99.9 % ms', decimals: 2 },
];

export const latency = {
  name: 'latency',
  title: 'How much a server can do, and how soon a message is there',
  mostRounds: 1,
  async run({ contestants, quick, say }) {
    const seconds = quick ? 1 : 4;
    const results = [];
    for (const contestant of contestants) {
      const result = { contestant, ...(await measure(contestant, seconds)) };
      results.push(result);
      const { most, at } = result;
      say(
        contestant.name,
        `${most.rate.toFixed(0)}/s, ${at.map(({ p50, p99 }) => `${p50}–${p99}`).join(' ')} ms`,
      );
    }
    const rowsOf = (figuresOf) =>
      results.map((result) => {
        const { name, ours, floor } = result.contestant;
        return { name, ours, floor, figures: figuresOf(result) };
      });
    const spread = (id, title, index) => ({
      id,
      title,
      columns: [{ key: 'rate', title: 'messages/s', decimals: 0 }, ...PERCENTILES],
      plot: { kind: 'spread', keys: PERCENTILES.map(({ key }) => key), axis: 'ms: median, 99 %, 99.9 %' },
      rows: rowsOf(({ at }) => at[index]),
    });
    return [
      {
        id: 'most',
        title: `The most within ${BOUND_MS} ms, ${SUBSCRIBERS.toLocaleString('en')} subscribers`,
        columns: [
          { key: 'rate', title: 'messages/s', decimals: 0 },
          { key: 'deliveries', title: 'deliveries/s', decimals: 0 },
          { key: 'serverCores', title: 'cores, server', decimals: 2 },
          { key: 'loadCores', title: 'cores, load', decimals: 2 },
          { key: 'peakMB', title: 'peak MB', decimals: 0 },
        ],
        plot: { kind: 'bars', key: 'deliveries', axis: 'deliveries a second' },
        rows: rowsOf(({ most }) => most),
      },
      spread('same', `At ${SAME_RATE} messages a second`, SHARES.length),
      ...SHARES.map((share, index) =>
        spread(`at${share * 100}`, `At ${share * 100} % of each server’s most`, index),
      ),
    ];
  },
};

async function measure(contestant, seconds) {
  const trial = await Trial.begin(contestant);
  const most = await search(trial, seconds / 2);
  const { rate } = most;
  const at = [];
  for (const each of [...SHARES.map((share) => share * rate), SAME_RATE]) {
    // Beyond its most a server has no latency, only a queue.
    at.push(each > 0 && each <= rate ? await latencyAt(trial, each, seconds) : {});
  }
  await trial.end();
  return { most: { ...most, peakMB: trial.peak / 2 ** 20 }, at };
}

/** The most of one server alone. */
export async function mostOf(contestant, seconds, options) {
  const trial = await Trial.begin(contestant, options);
  const most = await search(trial, seconds);
  await trial.end();
  return most;
}

/** A server with its subscribers. After a loss both begin anew: some servers cut off whoever falls behind. */
class Trial {
  /** Bytes that its servers had resident at most. */
  peak = 0;

  static async begin(contestant, options) {
    const trial = new Trial();
    Object.assign(trial, { contestant, options });
    await trial.#open();
    return trial;
  }

  run(rate, seconds) {
    const messages = Math.max(20, Math.round(rate * seconds));
    return this.load.cost(messages, () => this.server.ask(`rate ${rate} ${messages}`), LOST_MS);
  }

  async again() {
    await this.end();
    await this.#open();
  }

  async end() {
    this.peak = Math.max(this.peak, peakOf(this.server.served));
    await this.load.stop();
    await this.server.stop();
  }

  async #open() {
    this.server = await startServer(this.contestant, this.options);
    this.load = await Subscribers.open(this.contestant, this.server, SUBSCRIBERS, this.options);
    await this.load.warmUp();
  }
}

/** The highest rate that holds, within a tenth; nothing a second on a machine that is busy with something else. */
async function search(trial, seconds) {
  let best = { rate: 0, deliveries: 0 };
  let failing;
  for (let rate = FIRST_RATE; !failing && rate <= LAST_RATE; rate *= 2) {
    const report = await attempt(trial, rate, seconds);
    if (report) best = report;
    else failing = rate;
  }
  for (let halving = 0; best.rate > 0 && failing && halving < HALVINGS; halving++) {
    const rate = Math.sqrt(best.rate * failing);
    const report = await attempt(trial, rate, seconds);
    if (report) best = report;
    else failing = rate;
  }
  return best;
}

/** What a rate costs, if it holds at the first or second try. */
async function attempt(trial, rate, seconds) {
  return (await probe(trial, rate, seconds)) ?? (await probe(trial, rate, seconds));
}

async function probe(trial, rate, seconds) {
  try {
    const report = await trial.run(rate, seconds);
    const { p99us, cpuNs, elapsedNs, messages, loadCores } = report;
    if (p99us > BOUND_MS * 1000) return undefined;
    return {
      rate,
      deliveries: rate * SUBSCRIBERS,
      us: cpuNs / 1000 / messages,
      serverCores: cpuNs / elapsedNs,
      loadCores,
    };
  } catch (error) {
    if (!error.report) throw error;
    await trial.again();
    return undefined;
  }
}

async function latencyAt(trial, rate, seconds) {
  const { p50us, p99us, p999us } = await trial.run(rate, seconds);
  return { rate, p50: p50us / 1000, p99: p99us / 1000, p999: p999us / 1000 };
}
