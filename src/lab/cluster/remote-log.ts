import type { Outcome } from '../../log/addition.ts';
import type { Follower, Log } from '../../log/log.ts';
import { FanwireError, type Problem } from '../../protocol/errors.ts';
import { monotonicMs } from '../monotonic.ts';
import type { FromNode, LogCalls, LogMethod, ToNode } from './log-message.ts';

interface Waiting {
  resolve(value: unknown): void;
  reject(error: FanwireError): void;
}

/** The log of a node that is a process of its own: another process has it. */
export interface RemoteLog extends Log {
  /** Takes what that process says. */
  heard(message: ToNode): void;
}

/** @param send says something to the process that has the log */
export function remoteLog(send: (message: FromNode) => void): RemoteLog {
  const waiting = new Map<number, Waiting>();
  let follower: Follower | undefined;
  let calls = 0;

  function call<Method extends LogMethod>(
    method: Method,
    request: Parameters<LogCalls[Method]>[0],
  ): Promise<ReturnType<LogCalls[Method]>> {
    const id = ++calls;
    return new Promise((resolve, reject) => {
      waiting.set(id, { resolve: (value) => resolve(value as ReturnType<LogCalls[Method]>), reject });
      send({ kind: 'call', id, method, request, at: monotonicMs() });
    });
  }

  function take(id: number): Waiting | undefined {
    const found = waiting.get(id);
    waiting.delete(id);
    return found;
  }

  return {
    capabilities: { name: 'memory of another process', durable: false, shared: true, atomic: true },
    async open(given) {
      follower = given;
    },
    async append(additions) {
      const outcomes = await call('append', additions);
      return outcomes.map((each): Outcome => ('problem' in each ? errorOf(each.problem) : each));
    },
    read: (channels, start, limit) => call('read', { channels, start, limit }),
    follow: (channel) => call('follow', channel),
    unfollow: (channel) => send({ kind: 'unfollow', channel }),
    async close() {
      follower = undefined;
    },
    heard(message) {
      switch (message.kind) {
        case 'answer':
          return take(message.id)?.resolve(message.value);
        case 'refusal':
          return take(message.id)?.reject(errorOf(message.problem));
        case 'appended':
          return follower?.appended(message.message);
        case 'interrupted':
          return follower?.interrupted();
      }
    },
  };
}

function errorOf({ code, detail, ...options }: Problem): FanwireError {
  return new FanwireError(code, detail, options);
}
