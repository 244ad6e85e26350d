import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ChannelEvent } from './hub/connections/local-events.ts';
import type { LocalIterator } from './hub/connections/local-iterator.ts';
import type { Member } from './protocol/frames.ts';
import type { Gap } from './protocol/gap.ts';
import type { Message } from './protocol/message.ts';
import type { AttachableServer } from './server/attachment.ts';
import type { FetchInfo } from './server/fetch/serve-fetch.ts';
import type { Certificate, TlsOptions } from './server/tls/certificate.ts';
import type { WebTransportLimits } from './server/webtransport-server.ts';

export interface PublishOptions {
  readonly type?: string;
  /** Names what a conflating channel replaces. */
  readonly key?: string;
  /** A retry under the same key is not appended again: it is answered with the first id. */
  readonly idempotencyKey?: string;
}

export interface EventsOptions {
  /** A position, `start` or `now`, which is the default; null says as little, as an argument of GraphQL may. */
  readonly after?: string | null | undefined;
  /** The newest so many, then what follows. */
  readonly last?: number | null | undefined;
  /** Ends the iteration. */
  readonly signal?: AbortSignal | undefined;
}

/** @typeParam M where messages of several types have data of several kinds */
export interface SubscribeOptions<Data = unknown, M = Message<Data>> {
  /** A position, `start` or `now`, which is the default. */
  readonly after?: string;
  /** The newest so many, then what follows. */
  readonly last?: number;
  readonly onMessage?: (message: M) => void;
  readonly onGap?: (gap: Gap) => void;
  readonly signal?: AbortSignal;
}

/** Messages as they come, while it is iterated; each goes to the handler instead if there is one. */
export interface Subscription<Data = unknown, M = Message<Data>> extends LocalIterator<M> {
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
  /**
   * How far it is from the newest message of its channels, in positions of the log, by the channel where that is most;
   * 0 when it has everything. Messages of other channels have positions too, so it is at least as many as it has
   * to catch up with. Undefined while it is not known: before its first page of history.
   */
  readonly behind?: number;
  /**
   * Of a client that polls: its requests since somebody began to look, and when the last one ended, in Unix milliseconds. Such
   * a client stays listed for a minute after it; in between its `id` is negative, as there is no connection to close.
   */
  readonly polls?: { readonly count: number; readonly lastAt: number };
  /** Bytes written to its socket since that was opened. Undefined where the socket is not its alone: HTTP/2, WebTransport. */
  readonly bytes?: number;
  /** What its client says had failed before, so that it came over this transport. */
  readonly why?: string;
}

/** A channel that has subscribers or a history, for an operator to see. */
export interface ChannelView {
  readonly channel: string;
  /** Subscribers on this node. */
  readonly readers: number;
  /** What the log keeps of it; undefined when that is nothing, or when the log can't tell (NATS). */
  readonly retained?: { readonly count: number; readonly oldest: string; readonly newest: string };
}

export interface ChannelList {
  readonly channels: readonly ChannelView[];
  /** Listed or not: those with subscribers here, or those that the log remembers, whichever are more. */
  readonly total: number;
}

/** The hub's accounts since it began, of this node. */
export interface HubStats {
  /** Open connections by transport. */
  readonly connections: Readonly<Record<string, number>>;
  /** Subscribers whose socket is full. */
  readonly lagging: number;
  /** Requests answered at once, which no count of open connections shows. */
  readonly polls: number;
  /** Messages published through this node. */
  readonly messages: number;
  /** Messages handed to subscribers: one message to a thousand of them counts a thousand. */
  readonly deliveries: number;
  /** Bytes handed to sockets for subscribers. */
  readonly bytes: number;
  /** Gaps announced, by reason. */
  readonly gaps: Readonly<Record<string, number>>;
  /** Requests and frames refused, by code. */
  readonly refusals: Readonly<Record<string, number>>;
  /**
   * From a message's append to its write, the longest of each tick: `counts[i]` of them took `bounds[i]` seconds at most
   * and longer than the bound before; the last of `counts`, longer than all.
   */
  readonly latency: { readonly bounds: readonly number[]; readonly counts: readonly number[] };
  readonly drain: DrainView;
}

export type DrainView =
  | { readonly state: 'serving' }
  | {
      readonly state: 'draining';
      /** Unix milliseconds. */
      readonly since: number;
      readonly withinMs: number;
      /** Connections that were asked to leave, and those of them that have not left yet. */
      readonly asked: number;
      readonly left: number;
    };

export interface ListenOptions {
  readonly host?: string;
  /** 0 picks a free one. */
  readonly port?: number;
  /** Whether everyone may read and publish, on an address that other computers can reach, too. */
  readonly anonymous?: boolean;
  /**
   * Serves HTTPS, with HTTP/2 and HTTP/1.1: a certificate and its key, in PEM; files of them, which are read again when
   * they change; or `self-signed`, one for loopback that is made and renewed by itself.
   */
  readonly tls?: TlsOptions;
  /** Serves WebTransport as well, at the port of UDP that has the same number. Needs `tls`, and the package @fanwire/webtransport. */
  readonly webtransport?: boolean | Pick<WebTransportOptions, 'url' | 'limits'>;
}

export interface WebTransportOptions {
  /** Default: 127.0.0.1. */
  readonly host?: string;
  /** Of UDP. */
  readonly port: number;
  /** As for `listen`. */
  readonly tls: TlsOptions | Certificate;
  /** Of the SDK's endpoint there, as clients reach it. Default: the URL that they came by, as where TLS listens on the same port. */
  readonly url?: string;
  readonly limits?: WebTransportLimits;
}

export interface Listening {
  readonly url: string;
  readonly host: string;
  readonly port: number;
  /** Of the certificate, as OpenSSL writes it, by which it can be recognised. */
  readonly sha256?: string;
}

/** A hub as a program embeds it. */
export interface FanwireHub {
  /** Names this process among those that share a log, as /healthz and the SDK's `welcome` do. */
  readonly node: string;

  /**
   * Appends a message to a channel. Resolves once the log has it.
   * @param data a JSON value, or a Uint8Array
   * @throws FanwireError `invalid_channel`, `log_unavailable`; TypeError for data that JSON can't hold, or an unknown option
   */
  publish(channel: string, data: unknown, options?: PublishOptions): Promise<{ readonly id: string }>;

  /** Reads one channel or several from within the program, with no regard to rules. @throws FanwireError; TypeError for an unknown option */
  subscribe<Data = unknown>(
    channels: string | readonly string[],
    options?: ((message: Message<Data>) => void) | SubscribeOptions<Data>,
  ): Subscription<Data>;

  /**
   * Messages and gaps of one channel or several, for a resolver or a service that takes them at its own pace: while nobody asks
   * for the next one, a page is held and nothing is read. With no regard to rules. It ends with `return`, its signal or
   * the hub. @throws FanwireError `invalid_channel`, `invalid_position`
   */
  events<Data = unknown>(
    channels: string | readonly string[],
    options?: EventsOptions,
  ): LocalIterator<ChannelEvent<Data>>;

  /** Who is on a channel, on all nodes of a log that they share. @throws FanwireError `log_unavailable` */
  presence(channel: string): Promise<Member[]>;

  /** How many subscribers a channel has, on all nodes likewise. @throws FanwireError `log_unavailable` */
  occupancy(channel: string): Promise<number>;

  /** The open connections, and the clients that poll: those are noted while this is called at least once a minute. */
  connections(): ConnectionView[];

  /**
   * The channels with the most subscribers here, and then those that were published to last.
   * @param options.most how many of them; default 100
   * @param options.search only channels whose names contain this, among all with subscribers and the 10,000 newest
   * @throws FanwireError `log_unavailable`
   */
  channels(options?: { most?: number; search?: string }): Promise<ChannelList>;

  stats(): HubStats;

  /** Closes the connections of this node that are selected, and returns how many; their clients may come back. */
  disconnect(selected: (connection: ConnectionView) => boolean): number;

  /**
   * Closes all connections of a subject, on every node that shares the log; its clients may come back. Resolves once the
   * log has it, and the nodes follow within a second. @throws FanwireError `log_unavailable`, `invalid_parameter`
   */
  disconnect(whom: { readonly subject: string }): Promise<void>;

  /**
   * Refuses the tokens of a subject that were issued before a time, on every node that shares the log, those that
   * start later too, and ends the connections that have them. Known for 30 days, or as long as the log lives.
   * @param whom.issuedBefore in Unix milliseconds; default: now. A JWT names whole seconds, so that of the second which
   * has begun all are refused
   * @throws FanwireError `log_unavailable`, `invalid_parameter`
   */
  revoke(whom: { readonly subject: string; readonly issuedBefore?: number }): Promise<void>;

  /**
   * Has the functions of rules asked again, on every node that shares the log: what they said is forgotten, and what is read by rights
   * that are refused now is ended with the error `forbidden`. Resolves once the log has it and this node has begun; other nodes
   * follow within a second.
   * @param whom.subject whose rights; default: everybody's
   * @param whom.channel a channel's name, or a pattern; default: all
   * @throws FanwireError `invalid_parameter`; `log_unavailable`, where this node alone has heard of it: ask again
   */
  recheck(whom?: { readonly subject?: string; readonly channel?: string }): Promise<void>;

  /**
   * Sends the clients of this node elsewhere: the SDK's are asked to move, and within the window each connection is
   * closed. From now on /healthz answers 503, so that a load balancer sends nobody here; a client that comes all the same
   * is served. Resolves when those that were here have left, or `resume` was called.
   * @param options.withinMs default: one a connection, 30 s at most
   */
  drain(options?: { withinMs?: number }): Promise<void>;

  /** Ends a drain: who has not left stays, and /healthz answers as before. */
  resume(): void;

  /**
   * Serves the hub's paths; hands every other request to `next`, or answers 404 without one. No WebSocket: see `attach`.
   * The base path stands before them also where a framework has mounted it under a path.
   */
  handler(request: IncomingMessage, response: ServerResponse, next?: (error?: unknown) => void): void;

  /**
   * The same for servers that speak `Request` and `Response`: Hono, Next's route handlers, SvelteKit, Nitro, Bun, Deno. The base path
   * stands before the paths in `request.url`. A subscriber who does not read leaves the body unread, and the hub waits for it.
   */
  fetch<Other = Response>(request: Request, info?: FetchInfo<Other>): Promise<Response | Other>;

  /**
   * Serves the hub's paths on a server of HTTP/1.1 or HTTP/2, WebSockets too. All else is for the others that listen there, whether they
   * came before or come later. Returns a function that detaches it again.
   */
  attach(server: AttachableServer): () => void;

  /**
   * Listens on its own. Default: 127.0.0.1:8080; port 0 picks a free one.
   * @throws FanwireError `invalid_parameter` for an address that is not loopback, unless `authorise` is
   * configured or `anonymous` says that everyone may read and publish; for a certificate that can't be used
   */
  listen(options?: ListenOptions): Promise<Listening>;

  /**
   * Serves WebTransport at a port of UDP, for a hub inside a server of your own; `listen` takes an option for it. The SDK's
   * clients are told, and use it where they can. Needs the package @fanwire/webtransport.
   * @throws FanwireError `invalid_parameter` for a certificate that can't be used, or without the package; what the system says
   * where the port is taken
   */
  webtransport(options: WebTransportOptions): Promise<{ readonly port: number }>;

  /**
   * Sends all clients away and lets go of everything.
   * @param options.drainMs over how many milliseconds; default: one a connection, 30 s at most
   */
  close(options?: { drainMs?: number }): Promise<void>;
}
