import type { ServerFrame } from '../../protocol/frames.ts';
import type { TransportName } from '../../protocol/transport-name.ts';
import type { Environment } from '../environment.ts';
import type { Failure } from '../failure.ts';

/** A way to carry frames. Its abilities are data, so that no other code asks for its name. */
export interface Transport {
  readonly name: TransportName;
  /** Whether a response stays open. Where none does, a transport is plain requests, which pass everywhere. */
  readonly streaming: boolean;
  open(port: Port): Link;
}

/**
 * What a link calls. Within `proofTimeoutMs` it calls `receive` with a welcome, which is its proof, or `lost`. After the
 * welcome it calls `receive` for each frame. After `lost` or `close` it calls nothing any more.
 */
export interface Port {
  readonly environment: Environment;
  /** The subscribe frames for a request over HTTP. Each request asks for them anew, because positions move. */
  subscriptions(): Subscriptions;
  receive(frame: ServerFrame): void;
  lost(failure: Failure): void;
}

export interface Subscriptions {
  readonly frames: readonly string[];
  /** Whether every frame has a position. Only then no message is missed between two requests. */
  readonly positioned: boolean;
}

/** One connection over one transport, from its opening to its end. */
export interface Link {
  /** Sends the client's frames, as JSON texts. A link without it leaves them to requests of their own. */
  send?(frames: readonly string[]): void;
  /**
   * Makes a round trip within `proofTimeoutMs`, or else the link is lost. Called when the link may be dead. Over HTTP the
   * link sends a new request, with the current subscriptions and token.
   */
  refresh(): void;
  close(): void;
}
