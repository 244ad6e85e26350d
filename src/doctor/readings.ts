import type { TcpTransport } from '../protocol/transport-name.ts';

/** Why something did not work, and whether it was the hub that said so. */
export type Failure =
  | { readonly by: 'hub'; readonly status: number; readonly code: string; readonly detail: string }
  | {
      readonly by: 'network';
      readonly cause: 'unreachable' | 'refused' | 'mute' | 'buffered' | 'cut' | 'garbled';
      readonly detail: string;
      /** Of the answer that came in the hub's place. */
      readonly status?: number;
    };

/** How long an open wire lasted after its proof. Times are in milliseconds. */
export type Held =
  | { readonly end: 'kept'; readonly ms: number }
  /** @param silentMs since the last byte */
  | { readonly end: 'cut'; readonly ms: number; readonly silentMs: number; readonly how: string }
  | { readonly end: 'closed by the hub'; readonly ms: number; readonly how: string };

export type WireResult =
  | {
      readonly state: 'failed';
      readonly failure: Failure;
      readonly afterMs: number;
      /** `Content-Encoding` of a stream, which the hub itself never sets on these. */
      readonly encoding?: string | undefined;
    }
  | { readonly state: 'not tried'; readonly why: string }
  | {
      readonly state: 'proved';
      readonly firstByteMs: number;
      /** A round trip has been made: the hub has answered to what was sent. */
      readonly provedMs: number;
      /** From its publish to its arrival, where something could be published. */
      readonly messageMs?: number | undefined;
      readonly encoding?: string | undefined;
      readonly held?: Held | undefined;
    };

/** The wires, best first, as the SDK prefers them. */
export type WireName = TcpTransport | 'webtransport' | 'websocket over HTTP/2';

/** What the hub sees of a request: PROTOCOL.md 2.7. */
export interface Echo {
  readonly host: string;
  readonly tls: boolean;
  readonly httpVersion?: string;
  readonly authorization: boolean;
  readonly origin?: string;
  readonly forwarded: { readonly for: number; readonly proto?: string; readonly host?: string };
  readonly via?: string;
  readonly time: number;
}

export type Echoed = { readonly echo: Echo } | { readonly failure: Failure };

/** What arrives of three requests. */
export interface Arrivals {
  readonly first: Echoed;
  /** The same request once more, later. */
  readonly again: Echoed;
  /** With the `Origin` that a page at the hub's address has. */
  readonly ofPage: Echoed;
}

/** Who answers at the address. */
export type Reach =
  | {
      readonly hub: true;
      readonly heartbeatMs: number;
      readonly webtransport:
        | { readonly url?: string; readonly certificateHashes?: readonly string[] }
        | undefined;
      readonly mayRead: boolean;
      readonly firstByteMs: number;
      readonly provedMs: number;
    }
  | { readonly hub: false; readonly failure: Failure; readonly afterMs: number };

export interface TlsReading {
  /** Why Node does not trust the certificate, if so. */
  readonly fault?: string | undefined;
  readonly issuer: string;
  /** What was agreed on for the first byte: `h2` or `http/1.1`. */
  readonly alpn: string;
}

/** Whether `GET` polls are fresh: undefined where nothing could be read. */
export interface PollReading {
  /** Whether an answer lacked a message that had been published before it was asked for. Undefined: nothing could be published. */
  readonly stale?: boolean | undefined;
  /** The header `Age`, in seconds: a cache has answered. */
  readonly age?: number | undefined;
  /** Whether the hub lets caches answer by themselves (`pollCacheSeconds`). */
  readonly mayBeCached: boolean;
}

export interface UploadReading {
  /** The largest body that arrived, in bytes. */
  readonly passedBytes: number;
  /** The first that did not. */
  readonly refused?: { readonly bytes: number; readonly failure: Failure } | undefined;
}

/** How much of a stream a proxy holds back, in bytes: it passed at `passesAt`, and not at `heldAt`. */
export interface BufferReading {
  readonly heldAt: number;
  readonly passesAt?: number | undefined;
}

/** All that was measured. Judging is a function of this. */
export interface Readings {
  readonly url: string;
  readonly channel: string;
  readonly holdMs: number;
  readonly tls?: TlsReading | undefined;
  readonly hasToken: boolean;
  readonly reach: Reach;
  /** The rest is there where a hub answers. */
  readonly arrivals?: Arrivals | undefined;
  readonly mayPublish?: boolean | undefined;
  readonly wires: Readonly<Partial<Record<WireName, WireResult>>>;
  readonly buffer?: BufferReading | undefined;
  readonly polls?: PollReading | undefined;
  readonly upload?: UploadReading | undefined;
}
