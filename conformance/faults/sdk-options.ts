import type { ClientOptions } from '../../src/client/index.ts';

/** The SDK's own times, shorter: a run has tens of faults. */
export const SDK_OPTIONS: ClientOptions = {
  proofTimeoutMs: 3000,
  upgradeIntervalMs: 2000,
  stableAfterMs: 500,
  backoffMs: { first: 50, most: 1000 },
  pollIntervalMs: 50,
  storage: null,
};
