import type { Addition, Appended } from '../../log/addition.ts';
import type { Page, PageLimit } from '../../log/log.ts';
import type { StoredMessage } from '../../log/message.ts';
import type { Problem } from '../../protocol/errors.ts';
import type { Start } from '../../protocol/start.ts';

/** What a node's process asks of the log, and how it is answered. All of it crosses between processes, so that errors are problems here. */
export interface LogCalls {
  append(additions: readonly Addition[]): readonly (Appended | { readonly problem: Problem })[];
  read(request: {
    readonly channels: readonly string[];
    readonly start: Start;
    readonly limit: PageLimit;
  }): Page;
  follow(channel: string): void;
}

export type LogMethod = keyof LogCalls;

/** From a node's process to the one that has the log. Times are milliseconds of the computer's monotonic clock, which all its processes share. */
export type FromNode =
  | { readonly kind: 'listening'; readonly port: number; readonly node: string }
  | {
      readonly kind: 'call';
      readonly id: number;
      readonly method: LogMethod;
      readonly request: unknown;
      readonly at: number;
    }
  | { readonly kind: 'unfollow'; readonly channel: string }
  /** The node heard of a message, and then handed it to its subscribers. */
  | {
      readonly kind: 'handed';
      readonly sequence: number;
      readonly toldAt: number;
      readonly handedAt: number;
    }
  | { readonly kind: 'readers'; readonly count: number };

/** The other way. */
export type ToNode =
  | { readonly kind: 'answer'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'refusal'; readonly id: number; readonly problem: Problem }
  | { readonly kind: 'appended'; readonly message: StoredMessage }
  | { readonly kind: 'interrupted' };
