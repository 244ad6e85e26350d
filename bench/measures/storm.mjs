/*
 * What it costs when everybody comes back: 5,000 subscribers are cut, 50 messages are published, and all of them return
 * at once, each with its position. CPU of the server from the cut to the last delivery (noticing the cut, handshakes,
 * reading, writing), as a ratio to that of delivering the same messages, one a tick, to the same subscribers
 * while they were connected. "At once" is as fast as the server greets them, 256 handshakes at a time.
 *
 * Beside it:
 *   - the ratio to delivering the 50 within one tick, which costs a server that joins them far less;
 *   - a storm of subscribers that stand at ten positions, as they were cut in ten lots with a message between;
 *   - the same return with nothing missed: what being cut and shaking hands cost alone.
 *
 * It counts only if each subscriber gets exactly what it missed, in order, with what it had before the cut.
 */
import { cpuOf, peakOf } from '../support/process.mjs';
import { Rounds } from '../support/statistics.mjs';
import { Subscribers, startServer } from '../support/subscribers.mjs';

const SUBSCRIBERS = 5000;
const MISSED = 50;
const LOTS = 10;
const INTERVAL_US = 60_000;

export const storm = {
  name: 'storm',
  title: 'When everybody comes back at once',
  mostRounds: 3,
  async run({ contestants, rounds, quick, say }) {
    const count = quick ? SUBSCRIBERS / 5 : SUBSCRIBERS;
    const taking = contestants.filter(({ resume }) => resume);
    const results = new Rounds();
    for (const contestant of taking) {
      for (const figures of await measure(contestant, count, rounds)) {
        results.note(contestant.name, figures);
        say(contestant.name, `${figures.ratio.toFixed(2)} ${figures.spread.toFixed(2)}`);
      }
    }
    const keys = ['ratio', 'joined', 'spread', 'empty', 'steadyUs', 'completeMs', 'peakMB'];
    return [
      {
        id: 'storm',
        title: `${count.toLocaleString('en')} clients come back, each missing ${MISSED} messages`,
        columns: [
          { key: 'ratio', title: '× live, one a tick', decimals: 2 },
          { key: 'joined', title: '× live in one tick', decimals: 1 },
          { key: 'spread', title: '× from ten positions', decimals: 2 },
          { key: 'empty', title: '× with nothing missed', decimals: 2 },
          { key: 'steadyUs', title: 'live, µs a delivery', decimals: 2 },
          { key: 'completeMs', title: 'ms until all had all', decimals: 0 },
          { key: 'peakMB', title: 'peak MB', decimals: 0 },
        ],
        plot: { kind: 'bars', key: 'ratio', axis: 'CPU of the storm, × that of the same messages live' },
        rows: taking.map(({ name, ours }) => ({
          name,
          ours,
          figures: results.medians(name, keys),
        })),
      },
    ];
  },
};

async function measure(contestant, count, rounds) {
  const server = await startServer(contestant);
  const load = await Subscribers.open(contestant, server, count);
  await load.warmUp(`ticks 20 1 ${INTERVAL_US}`);
  const figures = [];
  // The first round warms up what only a storm runs.
  for (let round = 0; round <= rounds; round++) {
    const steady = await load.cost(MISSED, () => server.ask(`ticks ${MISSED} 1 ${INTERVAL_US}`));
    const steadyNs = steady.cpuNs / steady.messages;
    const joined = await load.cost(MISSED, () => server.ask(`ticks 1 ${MISSED} ${INTERVAL_US}`));
    const empty = await comeBack(load, 1, 0);
    const together = await comeBack(load, 1, MISSED);
    const apart = await comeBack(load, LOTS, MISSED);
    if (round === 0) continue;
    figures.push({
      steadyUs: steadyNs / 1000,
      empty: empty.cpuNs / steady.cpuNs,
      ratio: together.cpuNs / together.messages / steadyNs,
      joined: together.cpuNs / joined.cpuNs,
      spread: apart.cpuNs / apart.messages / steadyNs,
      completeMs: together.elapsedMs,
      peakMB: peakOf(server.served) / 2 ** 20,
    });
  }
  await load.stop();
  await server.stop();
  return figures;
}

/** Cuts all in so many lots, a message between them; publishes the rest of what is missed; lets them return. */
async function comeBack(load, lots, missed) {
  const { contestant, count, server, child } = load;
  await child.ask('reset');
  // One message that all have, so that what follows can be seen to follow.
  let { last } = await server.ask('ticks 1 1 0');
  await load.settled(last);
  let read = count;
  const before = cpuOf(server.served);
  for (let lot = 0; lot < lots; lot++) {
    const [from, to] = [lot, lot + 1].map((edge) => Math.round((edge * count) / lots));
    if (lot > 0) {
      ({ last } = await server.ask('ticks 1 1 0'));
      // Who is cut must have read what its position says.
      read += count - from;
      await load.until(({ messages }) => messages === read);
    }
    const { position } = await server.ask('position');
    await load.cut(from, to, contestant.resume(position)(server.port));
  }
  const rest = Math.max(0, missed - (lots - 1));
  if (rest > 0) ({ last } = await server.ask(`ticks ${rest} 1 0`));
  const begin = performance.now();
  await child.ask('return');
  const report = await load.settled(last);
  const elapsedMs = performance.now() - begin;
  if (
    report.faults > 0 ||
    report.behind !== last ||
    report.least !== missed + 1 ||
    report.most !== missed + 1
  )
    throw new Error(`${contestant.name} did not resume exactly: ${JSON.stringify(report)}`);
  return { cpuNs: cpuOf(server.served) - before, elapsedMs, messages: count * missed };
}
