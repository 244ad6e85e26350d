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
    const box = await place(node!);
    let forgotten = false;
    const afterMs = atPace(LIFE.carrier, pace);
    const onForgotten = () => {
      forgotten = true;
    };
    box.use(forgetWhenIdle(afterMs, onForgotten));
    if (box.datagrams) Object.assign(box.datagrams, { forgetAfterMs: afterMs, onForgotten });
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
