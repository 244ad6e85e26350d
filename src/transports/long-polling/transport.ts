import type { RequestTransport } from '../transport.ts';
import { serveLongPoll } from './channel.ts';
import { serveLongPollSession } from './session.ts';

/** One answer a request, once there is something to tell. */
export const longPolling = {
  name: 'long-polling',
  push: true,
  streaming: false,
  duplex: false,
  binary: false,
  comesAs: 'request',
  mediaType: 'application/json',
  takesRead: ({ waitSeconds }) => waitSeconds > 0,
  // Without a subscription there is nothing to wait for.
  takesSession: ({ waitSeconds, frames }) => waitSeconds > 0 && frames.some((frame) => 'subscribe' in frame),
  serveChannel: serveLongPoll,
  serveSession: serveLongPollSession,
} satisfies RequestTransport;
