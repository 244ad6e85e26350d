import type { TransportName } from '../protocol/transport-name.ts';

/** What a transport can do, for tests and documents to read instead of asking for names. */
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
