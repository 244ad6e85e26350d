import type { Census, RetainedRange } from '../census.ts';
import type { Retention } from '../log.ts';
import type { OpenedLog } from './opened-log.ts';
import { outdated, retained } from './retention.ts';
import { countChannels, readState, type Store } from './store.ts';

/** Channels lie in the order of their names: to look at so many takes some milliseconds. */
const LOOKED_AT = 2_000;

export function lmdbCensus(opened: () => Promise<OpenedLog>): Census {
  return {
    async ranges(channels) {
      const log = await opened();
      return channels.map((channel) => log.range(channel));
    },
    async newest(maxChannels) {
      const { store } = await opened();
      readState(store);
      return [...store.channels.getRange({ limit: LOOKED_AT })]
        .sort((a, b) => b.value.last - a.value.last)
        .slice(0, maxChannels)
        .map(({ key }) => key);
    },
    async count() {
      return countChannels((await opened()).store);
    },
  };
}

/** What a channel retains, though not all that is outdated may have been removed yet. */
export function rangeOf(
  store: Store,
  channel: string,
  retention: Retention,
  now: number,
): RetainedRange | undefined {
  const { epoch } = readState(store);
  const known = store.channels.get(channel);
  if (!known) return undefined;
  let { length: count, trimmedThrough } = known;
  for (const { sequence } of outdated(store, channel, known, retention, now)) {
    count -= 1;
    trimmedThrough = sequence;
  }
  const [oldest] = retained(store, channel, trimmedThrough, 1);
  if (!oldest) return undefined;
  return { count, oldest: { epoch, sequence: oldest.key[1] }, newest: { epoch, sequence: known.last } };
}
