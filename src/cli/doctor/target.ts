import { randomBytes } from 'node:crypto';

/** What is examined, and how patiently. */
export interface Target {
  /** Without a slash at its end. */
  readonly url: string;
  readonly token: string | undefined;
  /** False: the certificate is not trusted, so that no token is sent. */
  readonly trusted: boolean;
  /** A name that nobody else reads. */
  readonly channel: string;
  readonly holdMs: number;
  /** What has not answered by then counts as mute, as for the SDK. */
  readonly patienceMs: number;
}

/** The frames of a request to `/connect`, of a client that nobody has seen before. */
export function framesOf(frames: readonly object[], hello: object = {}): string {
  return JSON.stringify([{ hello: { client: newClient(), why: 'fanwire doctor', ...hello } }, ...frames]);
}

export function newClient(): string {
  return randomBytes(12).toString('hex');
}

export function subscription(channel: string): object {
  return { ref: 1, subscribe: { channel } };
}
