import type { Access, Credentials } from '../hub/authorisation/access.ts';
import type { PublishPace } from '../hub/publishing/publish-pace.ts';

/** Whom the server found at the other end, before any transport is chosen. */
export interface Caller {
  readonly address: string;
  /** What limits count by: the address, or the network that one client has as a whole. */
  readonly network: string;
  readonly access: Access;
  readonly credentials: Credentials;
  /** What the client's hello said had failed before. */
  readonly why?: string;
  readonly pace: PublishPace;
}
