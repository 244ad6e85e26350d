import type { TransportName } from '../../../../client/index.ts';
import { TRANSPORTS } from '../../transports.ts';
import { bytesOf, secondsOf } from '../inspector/figures.ts';
import type { Row } from './rows.ts';

interface SequenceProps {
  readonly title: string;
  readonly transport: TransportName;
  readonly rows: readonly Row[];
  /** Room is kept for so many, so that nothing below moves as they come. */
  readonly lines: number;
  /** The key of the step that is spoken of. */
  readonly current?: string | undefined;
  /** Called with the key of the step whose arrow was pressed. Without it arrows can't be pressed. */
  readonly onPick?: (key: string) => void;
  /** Shown while there are no rows. */
  readonly empty: string;
}

/** A sequence diagram: the browser's lifeline at the left, the hub's at the right, time downwards. */
export function Sequence({ title, transport, rows, lines, current, onPick, empty }: SequenceProps) {
  const startedAt = rows.find((row) => row.kind !== 'bar')?.at ?? 0;
  return (
    <figure class="sequence" style={{ '--t': TRANSPORTS[transport].colour, '--lines': lines }}>
      <figcaption class="unseen">{title}</figcaption>
      <p class="ends" aria-hidden="true">
        <span>Browser</span>
        <span>Hub</span>
      </p>
      <ol>
        {rows.length === 0 && <li class="lane empty">{empty}</li>}
        {rows.map((row) => (
          <Line key={row.key} row={row} startedAt={startedAt} current={current} onPick={onPick} />
        ))}
      </ol>
    </figure>
  );
}

interface LineProps extends Pick<SequenceProps, 'current'> {
  readonly row: Row;
  readonly startedAt: number;
  readonly onPick: SequenceProps['onPick'] | undefined;
}

function Line({ row, startedAt, current, onPick }: LineProps) {
  switch (row.kind) {
    case 'bar':
      return (
        <li class="lane waiting">
          <span class="held" style={{ '--share': Math.min(row.share, 1) }}>
            {row.text}
          </span>
        </li>
      );
    case 'event':
      return (
        <li class="lane happening">
          <time>{secondsOf(row.at - startedAt)}</time>
          <span>{row.text}</span>
        </li>
      );
    case 'arrow': {
      const isCurrent = current !== undefined && row.steps.includes(current);
      return (
        <li
          class={`lane arrow ${row.from} ${row.purpose === 'publish' ? 'aside' : ''}`}
          aria-current={isCurrent ? 'step' : undefined}
        >
          <time>{secondsOf(row.at - startedAt)}</time>
          <span class="unseen">{row.from === 'client' ? 'Browser to hub: ' : 'Hub to browser: '}</span>
          {onPick ? (
            <button type="button" class="says" onClick={() => onPick(row.steps[0]!)}>
              <b>{row.name}</b> {row.gist}
            </button>
          ) : (
            <span class="says">
              <b>{row.name}</b> {row.gist}
            </span>
          )}
          <span class="size">{row.length > 0 && bytesOf(row.length)}</span>
        </li>
      );
    }
  }
}
