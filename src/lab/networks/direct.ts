import { CUT, type Network } from './network.ts';

export const direct: Network = {
  name: 'direct',
  title: 'Direct',
  does: 'Hands everything on as it comes.',
  nodes: 1,
  changes: CUT,
  open: async ([node], _, place) => ({ box: await place(node!) }),
};
