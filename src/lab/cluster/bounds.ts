import type { Retention } from '../../log/log.ts';
import type { Limits } from '../../protocol/limits.ts';

/** What the nodes of a cluster serve: one channel. All of it is bounded, because any visitor may ask for it. */
export const CHANNEL = 'demo';

/** What the log keeps of it. */
export const RETENTION: Retention = { count: 1000, ageMs: 10 * 60_000 };
export const MAX_LOG_BYTES = 2 * 1024 * 1024;
export const MAX_KEYS = 5000;

/** Of each node. */
export const LIMITS: Partial<Limits> = {
  messageBytes: 4096,
  bodyBytes: 64 * 1024,
  connections: 300,
  connectionsPerAddress: 100,
  publishesPerSecond: 50,
  pageMessages: 100,
};

/** A node that does not listen by then is given up. */
export const MAX_START_MS = 20_000;
