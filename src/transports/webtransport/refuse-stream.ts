import type { ReceiveStream, SendStream } from '../session-offer.ts';

/** For a session that takes no streams, or no more. */
export function refuseStream(readable: ReceiveStream, writable?: SendStream): void {
  readable.stop(0);
  writable?.reset(0);
}
