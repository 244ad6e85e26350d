/** Long polls that are parked at once. */
export const MAX_PARKED = 1000;
/** Each waits for so long at most, which is longer than the crowd lasts: none ends by its limit while it is looked at. */
export const WAIT_SECONDS = 180;
export const MAX_RUN_MS = 120_000;
/** The longest time over which a crowd spreads its next requests. */
export const MAX_SPREAD_MS = 5000;
/** Requests are counted in steps of this. */
export const STEP_MS = 10;
export const CHANNEL = 'news';
