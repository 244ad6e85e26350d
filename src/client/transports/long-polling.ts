import { openPoll } from './poll.ts';
import type { Transport } from './transport.ts';

/** As long as a heartbeat: well under the 60 s at which proxies cut an idle request. */
const WAIT_SECONDS = 25;

/** The hub holds each answer back until it has a message. */
export const longPolling: Transport = {
  name: 'long-polling',
  streaming: false,
  open: (port) => openPoll(port, WAIT_SECONDS),
};
