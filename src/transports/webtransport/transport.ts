import type { SessionTransport } from '../transport.ts';
import { serveChannelSession } from './channel.ts';
import { serveFrameSession } from './session.ts';

/** WebTransport over HTTP/3: a session of many streams, and of datagrams. */
export const webtransport = {
  name: 'webtransport',
  push: true,
  streaming: true,
  duplex: true,
  binary: false,
  comesAs: 'session',
  serveChannel: serveChannelSession,
  serveSession: serveFrameSession,
} satisfies SessionTransport;
