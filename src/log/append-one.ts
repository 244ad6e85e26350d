import { FanwireError } from '../protocol/errors.ts';
import type { Addition, Appended, Outcome } from './addition.ts';
import type { Log } from './log.ts';

/** @throws FanwireError as the log refused it */
export function appendedOf(outcome: Outcome | undefined): Appended {
  if (!outcome || outcome instanceof FanwireError) throw outcome;
  return outcome;
}

/** @throws FanwireError as the log refused it */
export async function appendOne(log: Pick<Log, 'append'>, addition: Addition): Promise<Appended> {
  const answer = log.append([addition]);
  // To wait for what is there would take further turns of the microtask queue.
  return appendedOf(('then' in answer ? await answer : answer)[0]);
}
