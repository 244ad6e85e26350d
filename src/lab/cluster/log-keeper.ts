import type { Outcome } from '../../log/addition.ts';
import type { Log, Retention } from '../../log/log.ts';
import { FanwireError } from '../../protocol/errors.ts';
import type { FromNode, LogCalls, ToNode } from './log-message.ts';

type Call = Extract<FromNode, { kind: 'call' }>;

/** What a node's process asks of the log is done here, in the process that has it. */
export interface LogKeeper {
  call(call: Call): Promise<void>;
  unfollow(channel: string): void;
  close(): Promise<void>;
}

/**
 * @param log the node's view of the log that it shares
 * @param send says something to the node
 * @param appended called for each addition that is new, with when the node asked for it
 */
export async function keepLog(
  log: Log,
  retention: Retention,
  send: (message: ToNode) => void,
  appended: (outcome: Outcome, askedAt: number) => void,
): Promise<LogKeeper> {
  await log.open(
    {
      appended: (message) => send({ kind: 'appended', message }),
      interrupted: () => send({ kind: 'interrupted' }),
    },
    () => retention,
  );

  async function answerTo({ method, request, at }: Call): Promise<unknown> {
    switch (method) {
      case 'append': {
        const outcomes = await log.append(request as Parameters<LogCalls['append']>[0]);
        for (const outcome of outcomes) appended(outcome, at);
        return outcomes.map((each) => (each instanceof FanwireError ? { problem: each.toJSON() } : each));
      }
      case 'read': {
        const { channels, start, limit } = request as Parameters<LogCalls['read']>[0];
        return log.read(channels, start, limit);
      }
      case 'follow':
        return log.follow(request as string);
    }
  }

  return {
    async call(call) {
      const { id } = call;
      try {
        send({ kind: 'answer', id, value: await answerTo(call) });
      } catch (error) {
        const told =
          error instanceof FanwireError ? error : new FanwireError('log_unavailable', String(error));
        send({ kind: 'refusal', id, problem: told.toJSON() });
      }
    },
    unfollow: (channel) => log.unfollow(channel),
    close: () => log.close(),
  };
}
