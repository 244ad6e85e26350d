import { sharedCache } from '../middlebox/cache.ts';
import { isReadable } from '../middlebox/request-head.ts';
import { atPace, LIFE } from '../pace.ts';
import type { Network } from './network.ts';

/** As long as two polls are apart: one of two that ask the same is answered by the cache. */
const FRESH = 2 * LIFE.poll;

export const cache: Network = {
  name: 'cache',
  title: 'Cache, CDN',
  does: `Keeps polls for ${FRESH} s, as the hub lets it; hands an answer on once it is complete; knows no Upgrade.`,
  nodes: 1,
  options: (pace) => ({ pollCacheSeconds: Math.round(atPace(FRESH, pace) / 1000) }),
  silence: 3 * LIFE.poll,
  changes: `Nothing is published for ${3 * LIFE.poll} s, then every connection is cut.`,
  async open([node], _, place) {
    const box = await place(node!);
    let fromCache = 0;
    box.use(
      sharedCache(() => fromCache++),
      { when: isReadable },
    );
    return {
      box,
      get fromCache() {
        return fromCache;
      },
    };
  },
};
