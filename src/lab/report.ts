import { timeText } from './conclusion.ts';
import type { JudgedCell, JudgedColumn, LabReport } from './lab.ts';
import { cellOf } from './readings.ts';
import { TLS, TLS_WORDS } from './tls.ts';
import { HOW_TO_GET_IT } from './web-transport.ts';

/** Of a network's table. */
export const HEAD = [
  'technique',
  'works',
  'first',
  'median',
  'back',
  'missed',
  'doubled',
  'the field says',
  'here',
];

/** The matrix, then each network. */
export function labReport(report: LabReport): string {
  const { pace, networks, lostSilently } = report;
  const matrices = matricesOf(report).flatMap(({ title, does, rows }) => [
    `${title}. ${does}`,
    ...aligned(rows),
    '',
  ]);
  return [
    `fanwire lab, on loopback, ${paceSentence(pace)}`,
    LEGEND,
    '',
    ...matrices,
    ...networks.flatMap(networkLines),
    ...missingLines(report),
    lostSilently === 0 ? 'Nothing was lost silently.' : `Lost silently: ${lostSilently} messages.`,
  ].join('\n');
}

/** One for each kind of TLS that was measured. */
export function matricesOf({ techniques, networks }: Pick<LabReport, 'techniques' | 'networks'>) {
  return TLS.flatMap((tls) => {
    const columns = networks.filter((column) => column.tls === tls);
    if (columns.length === 0) return [];
    const head = ['', ...columns.map(({ network }) => network)];
    const rows = techniques.flatMap(({ name }) => {
      const cells = columns.map((column) => cellOf(column, name));
      return cells.every((cell) => cell === undefined) ? [] : [[name, ...cells.map(inBrief)]];
    });
    return [{ ...TLS_WORDS[tls], columns, rows: [head, ...rows] }];
  });
}

/** Of a row that there could be. */
function missingLines({ networks }: LabReport): string[] {
  const couldBe = networks.some(({ tls }) => tls !== 'none');
  if (!couldBe || networks.some((column) => cellOf(column, 'webtransport'))) return [];
  return [`webtransport was not tried, as its package is not installed: ${HOW_TO_GET_IT}`];
}

export const LEGEND =
  'Each cell: how late a message is (median) / how long after the change the next one came.';

export function paceSentence(pace: number): string {
  if (pace === 1) return 'at the pace of life.';
  return `at pace ${pace}: silence, heartbeats, QUIC’s signs of life, polls and parked requests take 1/${pace} of their time in life; the rest is as in life.`;
}

function networkLines({ network, tls, title, does, changes, cells, conclusion }: JudgedColumn): string[] {
  const said = cells.flatMap(({ technique, said }) =>
    said.length > 0 ? [`  ${technique} said: ${said.at(-1)}`] : [],
  );
  return [
    `${title}, ${TLS_WORDS[tls].title} (${network}): ${does} Midway: ${changes}`,
    ...aligned([HEAD, ...cells.map(cellsOf)]).map((line) => `  ${line}`),
    ...said,
    ...disagreementsOf(cells).map((sentence) => `  ${sentence}`),
    `  ${conclusion}`,
    '',
  ];
}

/** Where a reading is not as the field has it, and why that may be. */
export function disagreementsOf(cells: readonly JudgedCell[]): string[] {
  return cells.flatMap(({ technique, claim }) =>
    claim?.because ? [`${technique}, “${claim.claim}”: not so here, as ${claim.because}.`] : [],
  );
}

/** One row of a network's table. */
export function cellsOf({ technique, works, missed, doubled, claim, ...times }: JudgedCell): string[] {
  return [
    technique,
    works,
    timeText(times.firstMs),
    timeText(times.medianMs),
    timeText(times.backMs),
    `${missed}`,
    `${doubled}`,
    claim?.claim ?? '-',
    claim?.verdict ?? '',
  ];
}

/** A cell of the matrix. */
function inBrief(cell: JudgedCell | undefined): string {
  if (!cell) return '-';
  const { works, medianMs, backMs } = cell;
  return works === 'no' ? 'nothing' : `${timeText(medianMs)} / ${timeText(backMs)}`;
}

function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join('  ')
      .trimEnd(),
  );
}
