import type { FanwireError } from '../protocol/errors.ts';
import type { Start } from '../protocol/start.ts';
import type { TransportName } from '../protocol/transport-name.ts';
import type { ChannelRead, Exchange, Reply, SessionRequest } from './exchange.ts';
import type { Handshake } from './handshake.ts';
import type { SessionOffer } from './session-offer.ts';

/** What a transport can do, for the server, tests and documents to read instead of asking for names. */
export interface TransportCapabilities {
  readonly name: TransportName;
  /** Messages arrive as they are published, not when asked for. */
  readonly push: boolean;
  /** One response carries many messages as they come. */
  readonly streaming: boolean;
  /** The client publishes over the same connection. */
  readonly duplex: boolean;
  /** Bytes travel as bytes, not as base64. */
  readonly binary: boolean;
}

/** A transport whose clients send requests. Those that share a media type are asked in the order of the list. */
export interface RequestTransport extends TransportCapabilities {
  readonly comesAs: 'request';
  /** Which `Accept` chooses it. */
  readonly mediaType: string;
  /** A header by which a client says where it resumes, beside `?after=`. */
  readonly resumeHeader?: string;
  /** Whether a read is for it; without this, every read of its media type. */
  takesRead?(read: ChannelRead): boolean;
  /** Whether an SDK's request is for it; without this, every one of its media type. */
  takesSession?(request: SessionRequest): boolean;
  /** Answers a `GET` or `HEAD` of a channel's URL. @throws FanwireError before the answer has begun */
  serveChannel(exchange: Exchange, read: ChannelRead): Promise<void>;
  /** Answers a `POST` on the SDK's endpoint. @throws FanwireError before the answer has begun */
  serveSession(exchange: Exchange, request: SessionRequest): Promise<void>;
  /**
   * Refuses a read in the transport's own way, where its clients would take a problem's status for the last word.
   * @param problem the body that other requests are refused with
   */
  putOff?(reply: Reply, error: FanwireError, problem: string, retryMs: number): void;
}

/** A transport whose clients ask for a connection of their own: an upgrade, or an extended CONNECT. */
export interface SocketTransport extends TransportCapabilities {
  readonly comesAs: 'socket';
  /** Which `Upgrade` or `:protocol` asks for it, in small letters. */
  readonly protocol: string;
  /** Takes a handshake on a channel's URL. @throws FanwireError before the handshake is answered */
  serveChannel(handshake: Handshake, channels: readonly string[], start: Start): Promise<void>;
  /** Takes a handshake on the SDK's endpoint. @throws FanwireError before the handshake is answered */
  serveSession(handshake: Handshake): void;
}

/** A transport whose clients ask for a session of many streams. */
export interface SessionTransport extends TransportCapabilities {
  readonly comesAs: 'session';
  /** Takes a session on a channel's URL. @throws FanwireError before it is accepted */
  serveChannel(
    offer: SessionOffer,
    channels: readonly string[],
    start: Start,
    query: URLSearchParams,
  ): Promise<void>;
  /** Takes a session on the SDK's endpoint. @throws FanwireError before it is accepted */
  serveSession(offer: SessionOffer): void;
}

/** How clients read and publish: what it can do, how it knows what is for it, and how it serves that. */
export type Transport = RequestTransport | SocketTransport | SessionTransport;
