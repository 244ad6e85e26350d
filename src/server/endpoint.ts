import type { Hub } from '../hub/hub.ts';
import type { FanwireError } from '../protocol/errors.ts';
import type { Handshake } from '../transports/handshake.ts';
import type { NodeState } from './node-drain.ts';
import type { ServerExchange, ServerReply } from './server-exchange.ts';

/**
 * A further view of the hub's channels, with paths, a protocol and clients of its own: GraphQL, gRPC. Host and origin, the
 * connections of an address, and who the caller is have been looked at before it hears of anything, as for the hub's transports.
 * A reader over it is a `Connection` of the hub: so it is listed, drained, stalled and expired like all others.
 */
export interface Endpoint {
  readonly name: string;
  /** Called once, by the hub that it serves. @throws TypeError for what can't be served by that hub */
  open(host: EndpointHost): OpenEndpoint;
}

/** What an endpoint has of the hub that it serves. */
export interface EndpointHost {
  readonly hub: Hub;
  /** Without a slash at its end: '' where everything is served from `/`. */
  readonly basePath: string;
  /** What a client that reconnects is told to wait at first, in milliseconds. */
  readonly retryMs: number;
  /** Whether the node takes clients still. */
  state(): NodeState;
}

export interface OpenEndpoint {
  /** Whether a path is its own: the whole path, below the base path or beside it. Asked once for each path; the hub's own paths override it. */
  owns(path: string): boolean;
  /** The methods that it takes, for `Allow`; OPTIONS is answered for it. */
  readonly methods: readonly string[];
  /** Headers that pages of other origins may send or read, beside those of the hub's own endpoints. */
  readonly cors?: { readonly allowed?: readonly string[]; readonly exposed?: readonly string[] };
  /** Whether a path is for strangers as well: who shows no token there is not asked for one before `answer`. */
  takesStrangers?(path: string): boolean;
  /**
   * Answers a request, whole or as a stream; `exchange.carrier` is a `NodeCarrier`, with Node's own objects, where Node's server brought it. Resolves, at the latest, once the answer has ended; what was read of the body is held until then.
   * @throws FanwireError before the answer has begun
   */
  answer(exchange: ServerExchange): Promise<void> | void;
  /** Refuses a request in the protocol's own words, before its answer has begun. Without it: `application/problem+json`. */
  refuse?(reply: ServerReply, error: FanwireError): void;
  /**
   * Takes the handshake of a WebSocket, whose first message may bring the token: where no other place had one, `caller.access` is
   * that of a stranger. Without it: 404. @throws FanwireError before the handshake is answered
   */
  accept?(handshake: Handshake): Promise<void> | void;
  /** The hub goes away, and has closed its connections: ends whatever else is open. */
  close?(): Promise<void> | void;
}
