import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Member } from './protocol/frames.ts';
import type { Gap } from './protocol/gap.ts';
import type { Message } from './protocol/message.ts';

export interface PublishOptions {
  readonly type?: string;
  /** Names what a conflating channel replaces. */
  readonly key?: string;
  /** A retry under the same key is not appended again: it is answered with the first id. */
  readonly idempotencyKey?: string;
}

export interface SubscribeOptions<Data = unknown> {
  /** A position, `start` or `now`, which is the default. */
  readonly after?: string;
  /** The newest so many, then what follows. */
  readonly last?: number;
  readonly onMessage?: (message: Message<Data>) => void;
  readonly onGap?: (gap: Gap) => void;
  readonly signal?: AbortSignal;
}

/** Messages as they come, while it is iterated; each goes to the handler instead if there is one. */
export interface Subscription<Data = unknown> extends AsyncIterableIterator<Message<Data>, undefined> {
  close(): void;
}

/** An open connection, for an operator to see. */
export interface ConnectionView {
  readonly id: number;
  readonly transport: string;
  readonly address: string;
  readonly client?: string;
  readonly subject?: string;
  /** Unix milliseconds. */
  readonly since: number;
  readonly channels: readonly string[];
  /** Whether its socket is full, so that it reads on from the log later. */
  readonly lagging: boolean;
}

export interface Listening {
  readonly url: string;
  readonly host: string;
  readonly port: number;
}

/** A hub as a program embeds it. */
export interface FanwireHub {
  /**
   * Appends a message to a channel. Resolves once the log has it.
   * @param data a JSON value, or a Uint8Array
   * @throws FanwireError `invalid_channel`, `log_unavailable`; TypeError for data that JSON can't hold
   */
  publish(channel: string, data: unknown, options?: PublishOptions): Promise<{ readonly id: string }>;

  /** Reads one channel or several from within the program, with no regard to rules. @throws FanwireError */
  subscribe<Data = unknown>(
    channels: string | readonly string[],
    options?: ((message: Message<Data>) => void) | SubscribeOptions<Data>,
  ): Subscription<Data>;

  /** Who is on a channel, on all nodes of a log that they share. @throws FanwireError `log_unavailable` */
  presence(channel: string): Promise<Member[]>;

  /** How many subscribers a channel has, on all nodes likewise. @throws FanwireError `log_unavailable` */
  occupancy(channel: string): Promise<number>;

  connections(): ConnectionView[];

  /** Closes the connections that are selected, and returns how many; their clients may come back. */
  disconnect(selected: (connection: ConnectionView) => boolean): number;

  /** Serves the hub's paths; hands every other request to `next`, or answers 404 without one. No WebSocket: see `attach`. */
  handler(request: IncomingMessage, response: ServerResponse, next?: (error?: unknown) => void): void;

  /**
   * Serves the hub's paths on a server, WebSockets too, before the listeners that the server has by now.
   * Returns a function that detaches it again.
   */
  attach(server: Server): () => void;

  /**
   * Listens on its own. Default: 127.0.0.1:8080; port 0 picks a free one.
   * @throws FanwireError `invalid_parameter` for an address that is not loopback, unless `authorise` is
   * configured or `anonymous` says that everyone may read and publish
   */
  listen(options?: { host?: string; port?: number; anonymous?: boolean }): Promise<Listening>;

  /**
   * Sends all clients away and lets go of everything.
   * @param options.drainMs over how many milliseconds; default: one a connection, 30 s at most
   */
  close(options?: { drainMs?: number }): Promise<void>;
}
