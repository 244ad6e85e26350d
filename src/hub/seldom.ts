import { type Runtime, SYSTEM_RUNTIME } from '../protocol/runtime.ts';

/** Between two reports of one outage, in milliseconds. */
const EVERY_MS = 60_000;

/**
 * Passes an error on at most once a minute. What a log that is away keeps from thousands of subscribers is
 * tried again as long as it is: to report each failure would bury everything else.
 */
export function seldom(
  report: (error: unknown) => void,
  runtime: Runtime = SYSTEM_RUNTIME,
): (error: unknown) => void {
  let reportedAt = Number.NEGATIVE_INFINITY;
  return (error) => {
    const now = runtime.uptime();
    if (now - reportedAt < EVERY_MS) return;
    reportedAt = now;
    report(error);
  };
}

/** The same for each kind by itself: a log that is away must not hide that tokens can't be checked. */
export function seldomForEach(
  report: (error: unknown) => void,
  runtime: Runtime = SYSTEM_RUNTIME,
): (kind: string, error: unknown) => void {
  const reports = new Map<string, (error: unknown) => void>();
  return (kind, error) => {
    if (!reports.has(kind)) reports.set(kind, seldom(report, runtime));
    reports.get(kind)!(error);
  };
}
