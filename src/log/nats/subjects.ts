import type { IdempotencyKey } from '../idempotency-key.ts';
import { digestOf, keyNameOf } from '../kit/digests.ts';

/**
 * The subjects of a stream. All that it stores is sent again to whoever listens, so that what is sent has no holes. No
 * channel's name has a `=` in it.
 */
export interface Subjects {
  /** What the stream stores. */
  readonly stored: readonly string[];
  readonly republished: { readonly src: string; readonly dest: string };
  /** On this one the stream marks its own growth: see milestones.ts. */
  readonly milestone: string;
  message(channel: string): string;
  /** All that is sent again. */
  readonly live: string;
  /** Where a key's alias is noted. @param token of the key */
  key(token: string): string;
  /** Where it is noted how far a channel was cut for its bytes: see cuts.ts. */
  cut(channel: string): string;
}

export function subjectsOf(stream: string): Subjects {
  return {
    stored: [`${stream}.message.*`],
    republished: { src: `${stream}.message.>`, dest: `${stream}.live.>` },
    milestone: `${stream}.message.=milestone`,
    message: (channel) => `${stream}.message.${tokenOf(channel)}`,
    live: `${stream}.live.>`,
    key: (token) => `${stream}.message.=key=${token}`,
    cut: (channel) => `${stream}.message.=cut=${tokenOf(channel)}`,
  };
}

/**
 * A channel as one token of a subject. Tokens are parted by dots and may not be empty, while `a..b` is a
 * channel: dots become slashes, which no channel has. Case and all other characters are the same in both.
 */
export function tokenOf(channel: string): string {
  return channel.replaceAll('.', '/');
}

/** The channel of a token. */
export function channelOf(token: string): string {
  return token.replaceAll('/', '.');
}

/** An idempotency key of a channel as a message id and a token. */
export function keyTokenOf(channel: string, key: IdempotencyKey): string {
  return digestOf(keyNameOf(channel, key)).toString('base64url').slice(0, 24);
}
