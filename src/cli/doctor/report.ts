import type { Diagnosis } from '../../doctor/finding.ts';
import type { Readings, WireResult } from '../../doctor/readings.ts';
import { arrivedLines, heldText, verdictOf } from '../../doctor/words.ts';

const HEAD = ['wire', 'works', 'first byte', 'round trip', 'message', 'held'];

/** The table, then what it means. */
export function report(readings: Readings, diagnosis: Diagnosis): string {
  const rows = Object.entries(readings.wires).map(([name, result]) => [name, ...cellsOf(result)]);
  const table = rows.length > 0 ? [...tableOf([HEAD, ...rows]), '', ...arrivedLines(readings), ''] : [];
  const { findings, notes } = diagnosis;
  const sentences = findings.flatMap(({ fault, sentence, change, see }) => [
    `${fault}: ${sentence}`,
    `  ${change}`,
    `  See ${see}`,
    '',
  ]);
  return [
    `fanwire doctor: ${readings.url}`,
    '',
    ...table,
    ...sentences,
    ...notes.flatMap((note) => [`Note: ${note}`, '']),
    verdictOf(readings, diagnosis),
  ].join('\n');
}

function cellsOf(result: WireResult): string[] {
  if (result.state === 'not tried') return ['-', '-', '-', '-', result.why];
  if (result.state === 'failed') return ['no', '-', '-', '-', result.failure.detail];
  const { firstByteMs, provedMs, messageMs, held } = result;
  return [
    'yes',
    ms(firstByteMs),
    ms(provedMs),
    messageMs === undefined ? '-' : ms(messageMs),
    heldText(held),
  ];
}

function ms(value: number): string {
  return `${Math.round(value)} ms`;
}

function tableOf(rows: readonly (readonly string[])[]): string[] {
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join('  ')
      .trimEnd(),
  );
}
