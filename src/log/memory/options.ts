import { HELD, NUMBER, TEXT } from '../kit/options.ts';

export interface MemoryLogOptions {
  /**
   * Bytes kept over all channels, as memory holds them: 256 a message and 512 a channel beside the payloads, of which
   * a text beyond ASCII takes two a character. Above it the channels that hold most lose their oldest messages.
   * Default: a quarter of the heap that the process may have, 256 MiB at most.
   */
  readonly maxBytes?: number;
  /** Channels remembered after all they held has gone. Default: 100,000. */
  readonly maxChannels?: number;
  /** How long an idempotency key is remembered, in milliseconds, unless there are more than `maxKeys`. Default: 10 minutes. */
  readonly keyTtlMs?: number;
  /**
   * Idempotency keys remembered at once, some 200 bytes each; every publish of an SDK client has one. Above it the
   * oldest of who has most are forgotten before their time, and a retry as old as that is appended again. Default: 100,000.
   */
  readonly maxKeys?: number;
  /** Keys of one publisher remembered at once: of a token's subject, or of a network without one. Default: 25,000. */
  readonly keysPerScope?: number;
  /** Names this life of the log; one of a program's own lets a test restart it. Default: random. */
  readonly epoch?: string;
  /** Unix milliseconds. */
  readonly clock?: () => number;
}

export const TAKES = {
  epoch: TEXT,
  maxKeys: NUMBER,
  ...HELD,
};
