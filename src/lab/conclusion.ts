import { SDK } from './clients/sdk.ts';
import { type Cell, type Column, transportOf } from './readings.ts';

/** What a column comes to, as one sentence. */
export function conclusionOf({ cells }: Pick<Column, 'cells'>): string {
  const named = (select: (cell: Cell) => boolean) =>
    listed(
      cells
        .filter(({ technique }) => technique !== SDK)
        .filter(select)
        .map(({ technique }) => technique),
    );
  const nothing = named(({ works }) => works === 'no');
  const ended = named(({ works }) => works === 'until the change');
  const forgotten = named((cell) => cell.forgotten && cell.works === 'yes');
  const parts = [
    ...(nothing ? [`${nothing} got nothing`] : ended ? [] : ['every technique works']),
    ...(ended ? [`${ended} did not come back`] : []),
    ...(forgotten ? [`${forgotten} was forgotten and had to find out by itself`] : []),
    ...cells.filter(({ technique }) => technique === SDK).map(ofSdk),
  ];
  return `Here ${parts.join('; ')}.`;
}

function ofSdk(cell: Cell): string {
  const missed = cell.missed === 0 ? 'missed nothing' : `missed ${cell.missed}`;
  const back =
    cell.backMs === undefined ? 'did not come back' : `had the next message after ${timeText(cell.backMs)}`;
  return `fanwire's client used ${transportOf(cell)}, ${back} and ${missed}`;
}

function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

/** @param ms milliseconds; undefined for what never came */
export function timeText(ms: number | undefined): string {
  if (ms === undefined) return '-';
  return ms < 999.5 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}
