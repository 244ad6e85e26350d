import { CUT, type Network } from './network.ts';

export const udpBlocked: Network = {
  name: 'udp-blocked',
  title: 'Firewall that drops UDP',
  does: 'Lets TCP alone through: a packet of UDP is dropped, and nobody is told.',
  nodes: 1,
  changes: CUT,
  async open([node], _, place) {
    const box = await place(node!);
    box.datagrams?.dropAll();
    return { box };
  },
};
