import { openPoll } from './poll.ts';
import type { Transport } from './transport.ts';

/** A plain request now and then: works wherever HTTP does, and so tells a blocked transport from a dead server. */
export const polling: Transport = {
  name: 'polling',
  streaming: false,
  open: (port) => openPoll(port, 0),
};
