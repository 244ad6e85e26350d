import { connect } from '../client/index.ts';
import { suggestion } from '../config/nearest.ts';
import type { Message } from '../protocol/message.ts';
import { TCP_TRANSPORTS, type TransportName } from '../protocol/transport-name.ts';
import { type Command, readArguments, readNumber } from './command.ts';
import { Failure, usageFailure } from './failure.ts';
import { checkedChannel, HUB_OPTIONS, HUB_OPTIONS_HELP, hubUrl, tokenOf } from './hub-address.ts';

export const subscribe: Command = {
  summary: 'print what is published to a channel',
  help: `fanwire subscribe CHANNEL[,CHANNEL…] [--transport NAME] [--after POSITION|start|now] [--last N]
                  [--verbose] [--url URL] [--token TOKEN]

Prints each message as a line of JSON, and a gap as {"gap":…} where messages are lost for good. It goes on,
over lost connections and restarts of the hub, until it is interrupted.

  --transport NAME    auto (default), ${TCP_TRANSPORTS.join(', ')}
  --after POSITION    what came after a message's id; start: everything that is kept; now (default)
  --last N            the newest N, then what follows
  --verbose           tell on stderr which transport is used, and why
${HUB_OPTIONS_HELP}`,

  async run(args) {
    const { values, operands } = readArguments(
      args,
      {
        ...HUB_OPTIONS,
        transport: { type: 'string', default: 'auto' },
        after: { type: 'string' },
        last: { type: 'string' },
        verbose: { type: 'boolean' },
      },
      ['CHANNEL'],
    );
    const channels = operands.flatMap((operand) => operand.split(',')).map(checkedChannel);
    const transports = transportsOf(values.transport);
    const token = tokenOf(values.token);
    if (values.after !== undefined && values.last !== undefined) {
      throw usageFailure('--after and --last both say where to begin: give one of them');
    }
    const start = {
      ...(values.after === undefined ? {} : { after: values.after }),
      ...(values.last === undefined ? {} : { last: readNumber('--last', values.last, 1, 1_000_000) }),
    };

    const fanwire = connect(hubUrl(values.url), { transports, ...(token === undefined ? {} : { token }) });
    try {
      await new Promise<void>((resolve, reject) => {
        process.once('SIGINT', () => resolve());
        process.once('SIGTERM', () => resolve());
        // The reader of the output has read enough, as `head` does.
        process.stdout.on('error', (error: NodeJS.ErrnoException) =>
          error.code === 'EPIPE' ? resolve() : reject(error),
        );
        let outageTold = false;
        fanwire.onStatus(({ state, why }) => {
          if (state === 'closed') reject(new Failure(why));
          if (values.verbose || (state === 'waiting' && !outageTold)) console.error(`fanwire: ${why}`);
          if (state === 'waiting') outageTold = true;
          if (state === 'connected') outageTold = false;
        });
        for (const channel of channels) {
          fanwire.subscribe(channel, {
            ...start,
            onMessage: (message) => print(jsonOf(message)),
            onGap: (gap) => print({ gap }),
            onError: reject,
          });
        }
      });
    } finally {
      fanwire.close();
    }
  },
};

function transportsOf(name: string): readonly TransportName[] {
  if (name === 'auto') return TCP_TRANSPORTS;
  const found = TCP_TRANSPORTS.filter((transport) => transport === name);
  if (found.length > 0) return found;
  throw usageFailure(`unknown transport ${name}${suggestion(name, ['auto', ...TCP_TRANSPORTS])}`);
}

function print(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

/** Bytes are written as the hub's own JSON formats have them. */
function jsonOf(message: Message): object {
  if (!(message.data instanceof Uint8Array)) return message;
  return { ...message, data: Buffer.from(message.data).toString('base64'), encoding: 'base64' };
}
