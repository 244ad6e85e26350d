import type { Measured } from '../../../networks/reports.ts';
import type { Activity } from './use-lab.ts';

/** What a view tells of what the lab does just now: its own words of what is measured, and of a network that is driven. */
export function activityWords(
  activity: Activity,
  of: { readonly measuring: (now: Measured) => string; readonly driving: string },
): string {
  switch (activity.kind) {
    case 'idle':
      return activity.fault ?? '';
    case 'asked':
      return 'The hub’s machine starts it …';
    case 'measuring':
      return of.measuring(activity.now);
    case 'driving':
      return of.driving;
  }
}
