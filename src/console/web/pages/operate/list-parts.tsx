import type { Place } from '../../../operate/reports.ts';
import type { useList } from './use-list.ts';
import { PAGE_ROWS } from './use-list.ts';

type List = Pick<ReturnType<typeof useList>, 'text' | 'setText' | 'skipped' | 'next' | 'previous'>;

interface SearchFieldProps {
  readonly id: string;
  readonly label: string;
  readonly placeholder: string;
  readonly list: List;
}

/** A field for a text that the nodes look for in all rows of a list. */
export function SearchField({ id, label, placeholder, list }: SearchFieldProps) {
  return (
    <>
      <label class="unseen" for={id}>
        {label}
      </label>
      <input
        id={id}
        type="search"
        placeholder={placeholder}
        maxLength={200}
        value={list.text}
        onInput={(event) => list.setText(event.currentTarget.value)}
      />
    </>
  );
}

interface PagerProps {
  readonly list: List;
  readonly rows: readonly Place[];
  readonly matching: number | undefined;
  readonly what: string;
}

/** Which part of a list is shown, and the way to the rest. */
export function Pager({ list, rows, matching, what }: PagerProps) {
  const shown = rows.length === 0 ? '0' : `${list.skipped + 1}–${list.skipped + rows.length}`;
  return (
    <nav class="pager" aria-label={`Pages of ${what}`}>
      <p>{matching === undefined ? '' : `${shown} of ${matching.toLocaleString('en')}`}</p>
      <button type="button" class="plain" disabled={list.skipped === 0} onClick={list.previous}>
        Previous<span class="unseen"> page of {what}</span>
      </button>
      <button
        type="button"
        class="plain"
        disabled={rows.length < PAGE_ROWS}
        onClick={() => list.next(rows.at(-1)!)}
      >
        Next<span class="unseen"> page of {what}</span>
      </button>
    </nav>
  );
}
