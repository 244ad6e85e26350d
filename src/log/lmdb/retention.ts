import type { GapReason } from '../../protocol/gap.ts';
import type { Retention } from '../log.ts';
import type { ChannelState, Store } from './store.ts';

/** A message that retention no longer keeps. */
export interface Outdated {
  readonly sequence: number;
  readonly bytes: number;
  readonly reason: GapReason;
}

/** What a channel no longer retains though it still lies there, oldest first. */
export function* outdated(
  store: Store,
  channel: string,
  { length, bytes: held = 0, trimmedThrough }: ChannelState,
  { count, ageMs, bytes: maxBytes = Number.POSITIVE_INFINITY }: Retention,
  now: number,
): Generator<Outdated, void> {
  let surplus = length - count;
  let surplusBytes = held - maxBytes;
  for (const { key, value } of retained(store, channel, trimmedThrough)) {
    const [time, bytes] = value;
    const beyond = surplus-- > 0 || surplusBytes > 0;
    const reason = beyond ? 'trimmed' : time + ageMs <= now ? 'expired' : undefined;
    if (!reason) return;
    surplusBytes -= bytes;
    yield { sequence: key[1], bytes, reason };
  }
}

/** A channel's index after a sequence. Not to be written to while it is read. */
export function retained({ index }: Store, channel: string, after: number, limit?: number) {
  return index.getRange({
    start: [channel, after + 1],
    end: [channel, Number.MAX_SAFE_INTEGER],
    ...(limit === undefined ? {} : { limit }),
  });
}

/** Payload bytes that a channel retains. */
export function bytesOf(store: Store, channel: string, { bytes, trimmedThrough }: ChannelState): number {
  if (bytes !== undefined) return bytes;
  return [...retained(store, channel, trimmedThrough)].reduce((sum, { value }) => sum + value[1], 0);
}

/** What is known of a channel of which nothing is, up to where it may have been forgotten. */
export function unknownChannel(forgottenThrough: number): ChannelState {
  return { last: forgottenThrough, length: 0, bytes: 0, trimmedThrough: forgottenThrough, reason: 'expired' };
}
