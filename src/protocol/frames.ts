import type { Problem } from './errors.ts';
import type { Gap } from './gap.ts';
import type { Message } from './message.ts';

/**
 * The message language of the SDK's endpoint: one JSON object a frame, the same frames on every transport.
 * On a WebSocket each is a text frame; over HTTP a request's body carries the client's frames and the
 * response the hub's. PROTOCOL.md tells it as stories.
 */
export type ClientFrame =
  | HelloFrame
  | SubscribeFrame
  | UnsubscribeFrame
  | PublishFrame
  | RequestFrame
  | PresenceFrame
  | TokenFrame
  | PingFrame
  | ByeFrame;

/** First on every connection and in every request. */
export interface HelloFrame {
  readonly hello: {
    /** Random, 8 to 64 characters of A-Z a-z 0-9 _ -; the same for all connections of one client. */
    readonly client: string;
    /** Where a header can't carry it: in browsers, on a WebSocket. */
    readonly token?: string | undefined;
    /** Over HTTP, for an answer in JSON: how many seconds to wait for the first message. */
    readonly wait?: number | undefined;
    /** What had failed before, in words: why it comes over this transport, for the hub's operator to see. */
    readonly why?: string | undefined;
  };
}

/** `ref` names a frame for its answer; a client counts it up and never uses one twice. */
export interface SubscribeFrame {
  readonly ref: number;
  readonly subscribe: {
    readonly channel: string;
    /** A position, `start` or `now`; without it and without `last`: now. */
    readonly after?: string;
    /** The newest so many, then what follows. */
    readonly last?: number;
    /** Joins the channel's presence with this data. */
    readonly presence?: unknown;
  };
}

export interface UnsubscribeFrame {
  readonly ref: number;
  readonly unsubscribe: { readonly channel: string };
}

/**
 * `ref` is the publish's sequence number too: the log drops what the same client has already published
 * under it, so that whatever is unacknowledged is simply sent again, on any transport to any node.
 */
export interface PublishFrame {
  readonly ref: number;
  readonly publish: {
    readonly channel: string;
    readonly data: unknown;
    readonly type?: string;
    /** Says that `data` is a base64 string of bytes. */
    readonly encoding?: 'base64';
    /** Names what a conflating channel replaces. */
    readonly key?: string;
    /** Takes the place of client and `ref`, for a publish that may be repeated by another client. */
    readonly idempotencyKey?: string;
  };
}

export interface RequestFrame {
  readonly ref: number;
  readonly request: { readonly method: string; readonly data?: unknown };
}

/** Asks who is on a channel. */
export interface PresenceFrame {
  readonly ref: number;
  readonly presence: {
    readonly channel: string;
    /** `next` of the page before. */
    readonly after?: string | undefined;
    /** The most members of the answer, which may be cut further; 0 asks for their count alone. */
    readonly limit?: number;
  };
}

/** Replaces the connection's token in place. */
export interface TokenFrame {
  readonly ref: number;
  readonly token: string;
}

/** A round trip; the answer repeats the number. */
export interface PingFrame {
  readonly ping: number;
}

/** The client goes for good: its presence ends at once. */
export interface ByeFrame {
  readonly bye: true;
}

export type ServerFrame =
  | WelcomeFrame
  | OkFrame
  | ErrorFrame
  | MessageFrame
  | GapFrame
  | HeartbeatFrame
  | PongFrame
  | MoveFrame;

/** Answers `hello`: the proof that the way there and the way back both work. */
export interface WelcomeFrame {
  readonly welcome: {
    readonly node: string;
    readonly heartbeatMs: number;
    /** What others know the client by: in presence, and as `from` of its messages. */
    readonly from: string;
    /** The remaining life of the token: refresh it before. */
    readonly expiresInMs?: number;
    /** The hub serves WebTransport. */
    readonly webtransport?: WebTransportOffer;
  };
}

/** Where a client finds WebTransport. */
export interface WebTransportOffer {
  /** Of the SDK's endpoint there; without it, the URL of this one. */
  readonly url?: string;
  /** SHA-256 of certificates that no authority vouches for, in base64: what `serverCertificateHashes` takes. */
  readonly certificateHashes?: readonly string[];
}

export interface OkFrame {
  readonly ref: number;
  readonly ok:
    | SubscribeReply
    | PublishReply
    | PresenceReply
    | RequestReply
    | TokenReply
    | Record<string, never>;
}
/** Where the subscription begins: the position to resume from until a message or a heartbeat moves it. */
export interface SubscribeReply {
  readonly position: string;
}
export interface PublishReply {
  readonly id: string;
}
export interface PresenceReply {
  readonly members: readonly Member[];
  /** How many there are in all; those who are just leaving may count. */
  readonly count: number;
  /** Where the next page begins; without it there is none. */
  readonly next?: string;
}
export interface RequestReply {
  readonly data: unknown;
}

export interface TokenReply {
  /** As in `welcome`: another subject is another member. */
  readonly from: string;
}

/** Without `ref` it concerns the connection, and is the last frame. */
export interface ErrorFrame {
  readonly ref?: number;
  readonly error: Problem;
}

export type MessageFrame = Message & { readonly encoding?: 'base64' };

export interface GapFrame {
  readonly gap: Gap;
}

/** `position`: everything up to here has been sent, on every channel of the connection; on the one that it names, if it names one. */
export interface HeartbeatFrame {
  readonly heartbeat: { readonly position?: string; readonly channel?: string };
}

export interface PongFrame {
  readonly pong: number;
}

/** The node goes away: connect anew at a random moment within so many milliseconds. */
export interface MoveFrame {
  readonly move: { readonly withinMs: number };
}

/** Who is on a channel. */
export interface Member {
  readonly client: string;
  /** The token's subject, if it has one. */
  readonly subject?: string;
  readonly data?: unknown;
  /** Unix milliseconds. */
  readonly since: number;
}
