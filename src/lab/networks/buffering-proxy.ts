import { isReadable, isUpgrade } from '../middlebox/request-head.ts';
import { bufferBody } from '../middlebox/treatments.ts';
import { CUT, type Network } from './network.ts';

export const bufferingProxy: Network = {
  name: 'buffering-proxy',
  title: 'Corporate proxy that buffers',
  does: 'Hands an answer on once it is complete, as a scanner for viruses does; lets a WebSocket pass.',
  nodes: 1,
  changes: CUT,
  async open([node], _, place) {
    const box = await place(node!);
    box.use(bufferBody, { when: (head) => isReadable(head) && !isUpgrade(head) });
    return { box };
  },
};
