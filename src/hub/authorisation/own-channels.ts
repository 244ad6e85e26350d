import type { ChannelRule } from './channel-rule.ts';

/** Of which subjects tokens issued before a time are refused. */
export const REVOCATIONS_CHANNEL = 'fanwire:revocations';

/** Whose connections are to end. */
export const DISCONNECTS_CHANNEL = 'fanwire:disconnects';

/** On which every client of the SDK is present while it is connected, where the program wants to hear of that. */
export const CLIENTS_CHANNEL = 'fanwire:clients';

/** Whose rights are to be asked for again. */
export const RECHECKS_CHANNEL = 'fanwire:rechecks';

/** How long a revocation is known, in milliseconds: no token should live longer. */
export const REVOCATION_MS = 30 * 24 * 60 * 60 * 1000;

/** How many are known at once. */
export const MAX_REVOCATIONS = 100_000;

const OWN: ChannelRule = { read: 'nobody', publish: 'nobody', presence: false };

/** Rules that go before those of a configuration: over these channels the nodes of a log tell each other what to do. */
export const OWN_RULES: Readonly<Record<string, ChannelRule>> = {
  [REVOCATIONS_CHANNEL]: { ...OWN, retain: { count: MAX_REVOCATIONS, ageMs: REVOCATION_MS } },
  [CLIENTS_CHANNEL]: OWN,
  [DISCONNECTS_CHANNEL]: { ...OWN, retain: { count: 1000, ageMs: 60_000 } },
  [RECHECKS_CHANNEL]: { ...OWN, retain: { count: 1000, ageMs: 60_000 } },
};

export function isOwnChannel(channel: string): boolean {
  return Object.hasOwn(OWN_RULES, channel);
}
