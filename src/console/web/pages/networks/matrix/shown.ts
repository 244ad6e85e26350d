import type { JudgedCell } from '../../../../../lab/lab.ts';
import type { Choice } from '../../../../../lab/process/orders.ts';
import type { Measured } from '../../../../networks/reports.ts';
import { keyOf } from '../use-lab.ts';

/** Whether it is that one which is measured just now. */
export function isOf(choice: Choice, now: Measured | undefined): now is Measured {
  return now !== undefined && keyOf(now.column) === keyOf(choice);
}

/** What is shown of a network: what is measured just now, or what was. */
export function shownOf(
  choice: Choice,
  measured: ReadonlyMap<string, Measured>,
  now: Measured | undefined,
): Measured | undefined {
  return isOf(choice, now) ? now : measured.get(keyOf(choice));
}

/** What is shown of one technique; undefined where it was not there. */
export function cellOf(shown: Measured | undefined, technique: string): JudgedCell | undefined {
  return shown?.column.cells.find((cell) => cell.technique === technique);
}
