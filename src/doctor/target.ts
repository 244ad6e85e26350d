import type { Ask } from './ask.ts';

/** What is examined, by what means, and how patiently. */
export interface Target {
  /** Without a slash at its end. */
  readonly url: string;
  readonly token: string | undefined;
  /** A name that nobody else reads. */
  readonly channel: string;
  readonly holdMs: number;
  /** What has not answered by then counts as mute, as for the SDK. */
  readonly patienceMs: number;
  /** How many requests may be open beside those that are held: a browser has six to an origin over HTTP/1.1. */
  readonly atOnce: number;
  readonly ask: Ask;
}

/** The frames of a request to `/connect`, of a client that nobody has seen before. */
export function framesOf(frames: readonly object[], hello: object = {}): string {
  return JSON.stringify([{ hello: { client: newClient(), why: 'fanwire doctor', ...hello } }, ...frames]);
}

/** 96 random bits in hexadecimal digits. */
export function newClient(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

export function subscription(channel: string): object {
  return { ref: 1, subscribe: { channel } };
}
