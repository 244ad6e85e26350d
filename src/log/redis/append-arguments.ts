import type { Addition } from '../addition.ts';
import type { Retention } from '../log.ts';
import type { Keys } from './keys.ts';
import { encodeRecord } from './record.ts';

export type Argument = string | number | Buffer;

/** Redis counts in 64 bits what may be infinite here. */
export const MAX_RETENTION = { count: 1e15, ageMs: 1e13, bytes: 1e15 };

export interface AppendOptions {
  readonly retention: (channel: string) => Retention;
  /** Unix milliseconds. */
  readonly now: number;
  readonly keyTtlMs: number;
  readonly keysPerScope: number;
  readonly maxChannels: number;
  readonly maxBytes: number;
}

/** KEYS and ARGV of `append.lua`, which says what stands where. */
export function appendArguments(
  keys: Keys,
  additions: readonly Addition[],
  { retention, now, keyTtlMs, keysPerScope, maxChannels, maxBytes }: AppendOptions,
): [keys: string[], args: Argument[]] {
  const channels = [...new Set(additions.map(({ message }) => message.channel))];
  const places = new Map(channels.map((channel, index) => [channel, index + 1]));
  const names = [...keys.shared, ...channels.map((channel) => keys.history(channel))];
  const args: Argument[] = [
    now,
    keyTtlMs,
    keysPerScope,
    maxChannels,
    Math.min(maxBytes, MAX_RETENTION.bytes),
    channels.length,
    additions.length,
  ];
  for (const channel of channels) {
    const { count, ageMs, bytes = MAX_RETENTION.bytes } = retention(channel);
    args.push(
      channel,
      keys.live + channel,
      Math.min(count, MAX_RETENTION.count),
      Math.min(ageMs, MAX_RETENTION.ageMs),
      Math.min(bytes, MAX_RETENTION.bytes),
    );
  }
  for (const { message, idempotencyKey, aliases = [] } of additions) {
    const { channel, time } = message;
    const known = idempotencyKey ? [idempotencyKey, ...aliases] : aliases;
    args.push(
      places.get(channel)!,
      encodeRecord(message),
      Math.max(0, Math.trunc(time)),
      idempotencyKey ? 'keyed' : '',
      known.length,
    );
    for (const key of known) {
      names.push(keys.idempotency(channel, key), keys.share(key));
      args.push(key.digest ?? '');
    }
  }
  return [names, args];
}
