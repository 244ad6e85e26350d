import { isUpgrade } from '../middlebox/request-head.ts';
import { dropUpgrade } from '../middlebox/treatments.ts';
import { CUT, type Network } from './network.ts';

export const noUpgrade: Network = {
  name: 'no-upgrade',
  title: 'Corporate proxy that refuses upgrades',
  does: 'Takes Upgrade out of requests, so that a WebSocket is answered as a plain request.',
  nodes: 1,
  changes: CUT,
  async open([node], _, place) {
    const box = await place(node!);
    box.use(dropUpgrade, { when: isUpgrade });
    return { box };
  },
};
