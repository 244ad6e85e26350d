import { suggestion } from '../config/nearest.ts';
import { NETWORKS } from '../lab/networks/networks.ts';
import { DEFAULT_PACE, MAX_PACE } from '../lab/pace.ts';
import { runLab } from '../lab/process/run-lab.ts';
import { labReport } from '../lab/report.ts';
import { TLS, TLS_WORDS } from '../lab/tls.ts';
import { type Command, readArguments, readNumber } from './command.ts';
import { Failure, usageFailure } from './failure.ts';

const NAMES = NETWORKS.map(({ name }) => name);

export const lab: Command = {
  summary: 'see what networks do to each transport',
  help: `fanwire lab [--only NETWORK,…] [--tls KIND,…] [--pace N] [--json]

Starts a hub on loopback, with clients of polling, long polling, SSE, HTTP streaming and WebSocket, and fanwire's own; puts a
network between them that does what networks do; and measures how late messages are, how long it takes until a client is
back, and what was missed. Beside it stands what is commonly said of that technique in that network. It takes about
a minute for each kind of TLS. With TLS there is a client of WebTransport, too, if @fanwire/webtransport is installed.

  --only NETWORK      one or several of ${NAMES.slice(0, 4).join(', ')},
                      ${NAMES.slice(4).join(', ')} (default: all)
  --tls KIND          none; end-to-end, where the network sees bytes alone; inspected, where it decrypts them by a
                      certificate of its own; or several (default: none)
  --pace N            so many times faster than life are idle times, heartbeats, QUIC's signs of life, polls and parked
                      requests: 1 to ${MAX_PACE} (default: ${DEFAULT_PACE})
  --json              print all readings as JSON

The exit code is 0 if nothing was lost silently, else 1. That a technique does not work in a network is no loss: it is
what the network does to it. fanwire doctor URL looks at the network that you have.`,

  async run(args) {
    const { values } = readArguments(args, {
      only: { type: 'string' },
      tls: { type: 'string', default: 'none' },
      pace: { type: 'string', default: `${DEFAULT_PACE}` },
      json: { type: 'boolean' },
    });
    const networks = chosen('--only', 'no network is called', values.only, NAMES);
    const kinds = chosen('--tls', 'there is no', values.tls, TLS);
    const pace = readNumber('--pace', values.pace, 1, MAX_PACE);
    const isWatched = !values.json && process.stderr.isTTY;
    const choices = kinds.flatMap((tls) => networks.map((network) => ({ network, tls })));
    const report = await runLab(
      choices,
      pace,
      ({ title, tls }) => isWatched && console.error(`${title}, ${TLS_WORDS[tls].title} …`),
    ).catch((error: Error) => {
      throw new Failure(`the lab ended before its end: ${error.message}`);
    });
    console.log(values.json ? JSON.stringify(report, null, 2) : labReport(report));
    process.exitCode = report.lostSilently === 0 ? 0 : 1;
  },
};

/** Of a list of names, in their own order. */
function chosen<Name extends string>(
  option: string,
  otherwise: string,
  given: string | undefined,
  names: readonly Name[],
): readonly Name[] {
  if (given === undefined) return names;
  const wanted = given.split(',');
  const unknown = wanted.find((name) => !names.some((each) => each === name));
  if (unknown !== undefined) {
    throw usageFailure(
      `${otherwise} ${unknown}${suggestion(unknown, names)}: ${option} takes ${names.join(', ')}`,
    );
  }
  return names.filter((name) => wanted.includes(name));
}
