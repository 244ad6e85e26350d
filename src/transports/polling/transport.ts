import type { RequestTransport } from '../transport.ts';
import { servePoll } from './channel.ts';
import { servePollSession } from './session.ts';

/** One answer a request, at once. */
export const polling = {
  name: 'polling',
  push: false,
  streaming: false,
  duplex: false,
  binary: false,
  comesAs: 'request',
  mediaType: 'application/json',
  serveChannel: servePoll,
  serveSession: servePollSession,
} satisfies RequestTransport;
