import type { JudgedCell } from '../../../../../lab/lab.ts';
import type { Measured } from '../../../../networks/reports.ts';
import { delayOf } from '../../../transports.ts';

interface CellProps {
  readonly cell: JudgedCell | undefined;
  readonly stage: Measured['stage'] | undefined;
}

type State = 'unknown' | 'trying' | 'works' | 'nothing' | 'away' | 'lost';

/** What has become of a technique, as far as it is known at this stage. */
export function stateOf({ cell, stage }: CellProps): State {
  if (!cell || !stage) return 'unknown';
  if (cell.works === 'no') return stage === 'begins' ? 'trying' : 'nothing';
  if (cell.works === 'until the change') return stage === 'over' ? 'lost' : 'away';
  return 'works';
}

export const STATE_WORDS: Readonly<Record<State, string>> = {
  unknown: '–',
  trying: 'begins …',
  works: 'works',
  nothing: 'nothing came',
  away: 'is away …',
  lost: 'never came back',
};

interface MatrixCellProps extends CellProps {
  readonly isChosen: boolean;
  /** What the field says; undefined where it says nothing. */
  readonly claim: string | undefined;
}

export function MatrixCell({ cell, stage, isChosen, claim }: MatrixCellProps) {
  const state = stateOf({ cell, stage });
  // Before its end a reading may yet come to agree, or not.
  const verdict = stage === 'over' ? cell?.claim?.verdict : undefined;
  return (
    <td class={isChosen ? 'chosen' : undefined} data-state={state}>
      <p class="became">{STATE_WORDS[state]}</p>
      <p class="cell-figures">
        {cell?.medianMs === undefined ? (
          '\u00a0'
        ) : (
          <>
            <b>{delayOf(cell.medianMs)}</b> late
          </>
        )}
        <br />
        {cell?.backMs === undefined ? (
          '\u00a0'
        ) : (
          <>
            back in <b>{delayOf(cell.backMs)}</b>
          </>
        )}
        {cell && state !== 'nothing' && stage === 'over' && cell.missed > 0 && (
          <span class="short"> {cell.missed} missed</span>
        )}
      </p>
      {claim && (
        <p class="field-says" data-verdict={verdict}>
          <q>{claim}</q> <span class="verdict">{verdict ?? '\u00a0'}</span>
        </p>
      )}
    </td>
  );
}
