import { openPoll } from './poll.ts';
import type { Transport } from './transport.ts';

/** A plain request now and then. It works wherever HTTP does, so that its failure means a dead server and no blocked transport. */
export const polling: Transport = {
  name: 'polling',
  streaming: false,
  open: (port) => openPoll(port, 0),
};
