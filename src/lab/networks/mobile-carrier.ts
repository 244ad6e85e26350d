import { forgetWhenIdle } from '../middlebox/treatments.ts';
import { atPace, LIFE } from '../pace.ts';
import type { Network } from './network.ts';

export const mobileCarrier: Network = {
  name: 'mobile-carrier',
  title: 'Mobile carrier',
  does: `Forgets a connection after ${LIFE.carrier} s in which nothing passes, and tells neither end.`,
  nodes: 1,
  silence: LIFE.silence,
  changes: `Nothing is published for ${LIFE.silence} s.`,
  async open([node], pace, place) {
    const box = await place(node!.port);
    let forgotten = false;
    box.use(forgetWhenIdle(atPace(LIFE.carrier, pace), () => (forgotten = true)));
    return {
      box,
      get forgotten() {
        return forgotten;
      },
    };
  },
  // The carrier has done it by itself.
  change: async () => {},
};
