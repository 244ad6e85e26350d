import type { Target } from './target.ts';
import { TARGETS } from './targets/all.ts';

/** How many of all runs are a target's. */
export function runsOf(target: Target, all: number): number {
  const weights = TARGETS.reduce((sum, { weight }) => sum + weight, 0);
  return Math.ceil((all * target.weight) / weights);
}
