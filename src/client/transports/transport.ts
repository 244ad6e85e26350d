import type { ServerFrame } from '../../protocol/frames.ts';
import type { TransportName } from '../../protocol/transport-name.ts';
import type { Environment } from '../environment.ts';
import type { Failure } from '../failure.ts';

/** A way to carry frames. What it can do is data, so that nothing else needs to ask for its name. */
export interface Transport {
  readonly name: TransportName;
  /** One response that stays open. What does not is a plain request, the one that passes everywhere. */
  readonly streaming: boolean;
  open(port: Port): Link;
}

/**
 * What a transport is given. The link's life: `receive` a welcome (the proof) or `lost`, one of them within
 * `proofTimeoutMs`; then more `receive`, until `lost` or `close`. After either of these nothing is heard of it.
 */
export interface Port {
  readonly environment: Environment;
  /** The subscribe frames of a request over HTTP: asked for anew for each, as positions move. */
  subscriptions(): Subscriptions;
  receive(frame: ServerFrame): void;
  lost(failure: Failure): void;
}

export interface Subscriptions {
  readonly frames: readonly string[];
  /** Every one resumes from a position: only then nothing can slip through between two requests. */
  readonly positioned: boolean;
}

export interface Link {
  /** Carries the client's frames, as JSON texts. Without it they go up in requests of their own. */
  send?(frames: readonly string[]): void;
  /**
   * Makes a round trip within `proofTimeoutMs`, or is lost: for when it may be dead. Over HTTP that is to ask
   * anew, with the subscriptions and the token of now.
   */
  refresh(): void;
  close(): void;
}
