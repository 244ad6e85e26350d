import type { Log } from '../log/log.ts';
import type { Limits } from '../protocol/limits.ts';
import type { Access, Authorise, Credentials } from './authorisation/access.ts';
import type { ChannelRule } from './authorisation/channel-rule.ts';
import type { JwtOptions } from './authorisation/jwt.ts';
import type { Compression } from './compression.ts';
import type { ConnectedClient } from './presence/clients.ts';

/** What a client asks to publish, as `beforePublish` sees it. Nobody has checked that its data is `Data`. */
export interface PublishRequest<Data = unknown> {
  readonly channel: string;
  readonly type: string | undefined;
  readonly data: Data;
  readonly subject: string | undefined;
  /** The SDK's client id, which is the client's secret; undefined for whoever publishes without the SDK. */
  readonly client: string | undefined;
  /** What the message says of its publisher: the client's public name, or undefined. */
  readonly from: string | undefined;
  /** The publisher's network address. */
  readonly address: string;
  /** Of the request that publishes, or that opened the connection. Names are in lower case. */
  readonly headers: Credentials['headers'];
}

/** Who asks, as a request handler sees it. */
export interface RequestContext {
  /** The client's id, which is its secret. */
  readonly client: string;
  /** What others know the client by: in presence, and as `from` of its messages. */
  readonly from: string;
  readonly subject: string | undefined;
  readonly access: Access;
  readonly address: string;
  readonly headers: Credentials['headers'];
}

/**
 * What is published instead; nothing for what the client sent. Without a member `type` the message keeps its type; one that is
 * undefined takes the type away.
 */
// biome-ignore lint/suspicious/noConfusingVoidType: what a function without a return statement returns
export type PublishChange = { type?: string | undefined; data: unknown } | undefined | void;

// The types of methods, not of functions: a parameter may then name the data that its clients send.
export type BeforePublish = {
  ask(request: PublishRequest): PublishChange | Promise<PublishChange>;
}['ask'];

export type RequestHandler = {
  answer(data: unknown, context: RequestContext): unknown;
}['answer'];

export interface HubOptions {
  /** Where messages are kept, as for `--log`: `lmdb:DIR`, `redis://HOST` …; or a log of your own. Default: a log in memory. */
  readonly log?: string | Log;
  /** Rules by channel pattern, in order of precedence. */
  readonly channels?: Readonly<Record<string, ChannelRule>>;
  /**
   * How long an answer of a rule's function is remembered that does not say until when it holds, in milliseconds: a refusal for
   * 5,000 at most. Default: 60,000.
   */
  readonly rememberRightsMs?: number;
  /** Tokens to accept, or a function that decides. Without it everyone may do everything. */
  readonly authorise?: JwtOptions | Authorise;
  /**
   * A client that shows it may do everything, the console's part included: with it, and without `authorise`, channels
   * of `console:*` are no longer for everyone. 16 characters or more of A-Z a-z 0-9 . _ ~ + / -
   */
  readonly operatorToken?: string;
  /**
   * Asked before a client's publish is appended: may return a changed message, or throw to refuse it. The client is told
   * of a FanwireError as it is: `throw new FanwireError('publish_refused', 'say something')`. Anything else is
   * a fault, told to `onError`; the client hears `publish_refused` and no more.
   */
  readonly beforePublish?: BeforePublish;
  /** Handlers of the SDK's `request`, by method name. */
  readonly requests?: Readonly<Record<string, RequestHandler>>;
  /** A channel got its first subscriber on this node, or lost its last; other nodes may have more: see `occupancy`. */
  readonly onOccupied?: (channel: string) => void;
  readonly onVacated?: (channel: string) => void;
  /**
   * A client of the SDK came, or has gone: once each, over all its connections, transports and nodes. It has gone once it said
   * goodbye, or has had no connection for `presenceLingerMs`. Set them on all nodes: `onConnect` is called on the node that
   * it came to, `onDisconnect` on any one of them. Neither is waited for.
   */
  readonly onConnect?: (client: ConnectedClient) => void;
  readonly onDisconnect?: (client: ConnectedClient) => void;
  /** Called with faults that no client can be told. Default: console.error. */
  readonly onError?: (error: unknown) => void;
  /** Path under which everything is served. Default: '/'. */
  readonly basePath?: string;
  /**
   * Whether `/healthz` and `/metrics` under the base path are the hub's. Default: true, but in a server of the program's own
   * with base path `/`, where they are left to the program.
   */
  readonly monitoring?: boolean;
  /** Pages of other origins that may use the hub, as `https://app.example`, or '*'. Default: its own origin only. */
  readonly origins?: readonly string[] | '*';
  /** Names under which the hub may be addressed. Default: any name, or names of loopback only for a hub on loopback without authorisation. */
  readonly hosts?: readonly string[];
  /** Whether to believe `X-Forwarded-For`, `X-Forwarded-Proto` and `X-Forwarded-Host`. Default: false. */
  readonly trustProxy?: boolean;
  /** How long a shared cache may answer a poll of a channel that anyone may read, in seconds. Default: 0, always revalidated. */
  readonly pollCacheSeconds?: number;
  /** Whether messages are compressed for WebSockets whose client offers permessage-deflate, and results of GraphQL for clients that take gzip. Default: false. */
  readonly compression?: Compression;
  /**
   * Whether messages are written to many sockets in one call of the system's own, where this package has a build for the machine: Linux on
   * x64 and arm64. Default: true.
   */
  readonly nativeWriter?: boolean;
  /** Between two signs of life on an idle connection, in milliseconds: 1,000 to 30,000. Default: 25,000. */
  readonly heartbeatMs?: number;
  /** How long a subscriber's socket may stay full before it is given up, in milliseconds. Default: 300,000. */
  readonly stallMs?: number;
  /** How long a member stays present without a connection, in milliseconds. Default: 10,000. */
  readonly presenceLingerMs?: number;
  /** What a reconnecting client is told to wait at first, in milliseconds (SSE `retry`). Default: 2,000. */
  readonly retryMs?: number;
  readonly limits?: Partial<Limits>;
}
