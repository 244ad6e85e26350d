import { type JudgedColumn, type LabReport, reportOf } from '../lab.ts';
import type { Pace } from '../pace.ts';
import { startLab } from './lab-process.ts';
import type { Choice } from './orders.ts';

/**
 * Measures networks, one after the other.
 * @param onBegin called as each begins
 * @throws Error with what the lab's process said, if it ended before its end
 */
export async function runLab(
  choices: readonly Choice[],
  pace: Pace,
  onBegin: (column: JudgedColumn) => void = () => {},
): Promise<LabReport> {
  const columns: JudgedColumn[] = [];
  const lab = startLab((news) => {
    if (news.kind === 'done') lab.end();
    if (news.kind !== 'column') return;
    if (news.stage === 'begins') onBegin(news.column);
    if (news.stage === 'over') columns.push(news.column);
  });
  lab.order({ kind: 'measure', choices, pace });
  const fault = await lab.ended;
  if (fault !== undefined) throw new Error(fault);
  return reportOf(columns, pace);
}
