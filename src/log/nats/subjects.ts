import { createHash } from 'node:crypto';

/** The subjects of a stream. `live` is where the server sends again, to whoever listens, what it has stored. */
export interface Subjects {
  /** What the stream stores. */
  readonly stored: readonly string[];
  readonly republished: { readonly src: string; readonly dest: string };
  /** On this one the stream marks its own growth: see milestones.ts. */
  readonly milestone: string;
  message(channel: string): string;
  live(channel: string): string;
  /** Where a key's alias is noted. @param token of the key */
  key(token: string): string;
}

export function subjectsOf(stream: string): Subjects {
  return {
    stored: [`${stream}.message.*`, `${stream}.key.*`, `${stream}.milestone`],
    republished: { src: `${stream}.message.>`, dest: `${stream}.live.>` },
    milestone: `${stream}.milestone`,
    message: (channel) => `${stream}.message.${tokenOf(channel)}`,
    live: (channel) => `${stream}.live.${tokenOf(channel)}`,
    key: (token) => `${stream}.key.${token}`,
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

/** An idempotency key of a channel as a message id and a token: of any length and characters, so a digest. */
export function keyTokenOf(channel: string, key: string): string {
  // A space can't be part of a channel's name.
  return createHash('sha256').update(`${channel} ${key}`).digest('base64url').slice(0, 24);
}
