import { suggestion } from '../config/nearest.ts';
import { runLab } from '../lab/lab.ts';
import { NETWORKS } from '../lab/networks/networks.ts';
import { DEFAULT_PACE, MAX_PACE } from '../lab/pace.ts';
import { labReport } from '../lab/report.ts';
import { type Command, readArguments, readNumber } from './command.ts';
import { usageFailure } from './failure.ts';

const NAMES = NETWORKS.map(({ name }) => name);

export const lab: Command = {
  summary: 'see what networks do to each transport',
  help: `fanwire lab [--only NETWORK,…] [--pace N] [--json]

Starts a hub on loopback, with clients of polling, long polling, SSE, HTTP streaming and WebSocket, and fanwire's own; puts a
network between them that does what networks do; and measures how late messages are, how long it takes until a client is
back, and what was missed. Beside it stands what is commonly said of that technique in that network. It takes about a minute.

  --only NETWORK      one or several of ${NAMES.slice(0, 4).join(', ')},
                      ${NAMES.slice(4).join(', ')} (default: all)
  --pace N            so many times faster than life are idle times, heartbeats, polls and parked requests:
                      1 to ${MAX_PACE} (default: ${DEFAULT_PACE})
  --json              print all readings as JSON

The exit code is 0 if nothing was lost silently, else 1. That a technique does not work in a network is no loss: it is
what the network does to it. fanwire doctor URL looks at the network that you have.`,

  async run(args) {
    const { values } = readArguments(args, {
      only: { type: 'string' },
      pace: { type: 'string', default: `${DEFAULT_PACE}` },
      json: { type: 'boolean' },
    });
    const networks = networksOf(values.only);
    const pace = readNumber('--pace', values.pace, 1, MAX_PACE);
    const isWatched = !values.json && process.stderr.isTTY;
    const report = await runLab(networks, pace, ({ title }) => isWatched && console.error(`${title} …`));
    console.log(values.json ? JSON.stringify(report, null, 2) : labReport(report));
    process.exitCode = report.lostSilently === 0 ? 0 : 1;
  },
};

function networksOf(only: string | undefined) {
  if (only === undefined) return NETWORKS;
  const wanted = only.split(',');
  const unknown = wanted.find((name) => !NAMES.includes(name));
  if (unknown !== undefined) {
    throw usageFailure(
      `no network is called ${unknown}${suggestion(unknown, NAMES)}: --only takes ${NAMES.join(', ')}`,
    );
  }
  return NETWORKS.filter(({ name }) => wanted.includes(name));
}
