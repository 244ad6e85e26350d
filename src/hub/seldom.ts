/** Between two reports of one outage, in milliseconds. */
const EVERY_MS = 60_000;

/**
 * Passes an error on at most once a minute. What a log that is away keeps from thousands of subscribers is
 * tried again as long as it is: to report each failure would bury everything else.
 */
export function seldom(report: (error: unknown) => void): (error: unknown) => void {
  let reportedAt = Number.NEGATIVE_INFINITY;
  return (error) => {
    if (Date.now() - reportedAt < EVERY_MS) return;
    reportedAt = Date.now();
    report(error);
  };
}
