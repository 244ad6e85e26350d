import { randomBytes } from 'node:crypto';
import { bestWire, exitCodeOf, judge } from '../doctor/judge.ts';
import { type Command, readArguments, readNumber } from './command.ts';
import { examine } from './doctor/examine.ts';
import { report } from './doctor/report.ts';
import { HUB_OPTIONS, hubUrl, tokenOf } from './hub-address.ts';

/** As long as the SDK gives a wire to prove itself. */
const PATIENCE_MS = 5000;

/** Longer than two heartbeats and a parked request. */
const HOLD_SECONDS = 70;
const MAX_HOLD_SECONDS = 3600;

export const doctor: Command = {
  summary: 'find out what the network does to each transport',
  help: `fanwire doctor URL [--hold SECONDS] [--json] [--token TOKEN]

Tries every transport against the hub at URL, from here: whether it opens and makes a round trip, how soon, and for how
long it stays open. Says what stands in the way, which transport a client would use, and what to change in which proxy.
It publishes to a channel of its own, fanwire-doctor.RANDOM, if the token allows it.

  --hold SECONDS      how long to hold connections (default: ${HOLD_SECONDS}); less does not see what cuts later
  --json              print what was measured and found as JSON
  --token TOKEN       better set FANWIRE_TOKEN: a command line can be seen by others

The exit code is 0 if all is well, 1 if it works and something is in the way, 2 if nothing works or no hub is there.`,

  async run(args) {
    const { values, operands } = readArguments(
      args,
      {
        token: HUB_OPTIONS.token,
        hold: { type: 'string', default: `${HOLD_SECONDS}` },
        json: { type: 'boolean' },
      },
      ['URL'],
    );
    const url = hubUrl(operands[0]!, 'URL');
    const holdMs = readNumber('--hold', values.hold, 1, MAX_HOLD_SECONDS) * 1000;
    if (!values.json && process.stderr.isTTY)
      console.error(`Trying every transport for ${holdMs / 1000} s …`);
    const readings = await examine({
      url,
      token: tokenOf(values.token),
      channel: `fanwire-doctor.${randomBytes(9).toString('hex')}`,
      holdMs,
      patienceMs: PATIENCE_MS,
    });
    const diagnosis = judge(readings);
    const exitCode = exitCodeOf(readings, diagnosis);
    if (values.json) {
      console.log(JSON.stringify({ exitCode, uses: bestWire(readings), ...diagnosis, readings }, null, 2));
    } else console.log(report(readings, diagnosis));
    process.exitCode = exitCode;
  },
};
