/** Ended stays are announced at once; the rest a second later. */
export const MAX_ENDING = 256;

/** When no node has asked which stays end for so long, none could renew its leases either. */
export const OUTAGE_MS = 3_000;

/** That a node has asked need not be written down anew as long as the last to ask did so within this. */
export const FRESH_MS = 900;
