import type { Http2Session } from 'node:http2';

/**
 * Ends a connection at once, with a word of why (GOAWAY). Without an error: each stream would emit it, one of which nobody
 * has heard yet would have no listener, and the process would end.
 */
export function destroySession(session: Http2Session, code: number): void {
  session.destroy(null as never, code);
}
