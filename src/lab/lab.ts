import { type Judged, judged } from './claims.ts';
import { TECHNIQUES } from './clients/clients.ts';
import { SDK } from './clients/sdk.ts';
import { conclusionOf } from './conclusion.ts';
import type { Pace } from './pace.ts';
import { type Cell, type Column, cellOf } from './readings.ts';

export interface JudgedCell extends Cell {
  readonly claim?: Judged | undefined;
}

export interface JudgedColumn extends Column {
  readonly cells: readonly JudgedCell[];
  /** What it comes to, as a sentence. */
  readonly conclusion: string;
}

export interface LabReport {
  readonly pace: Pace;
  /** Those that were measured. */
  readonly techniques: readonly { readonly name: string; readonly how: string }[];
  readonly networks: readonly JudgedColumn[];
  /**
   * Messages that a client went past without being given them or told of a gap; those after which a client that had worked
   * got no more; and all that the SDK was not given.
   */
  readonly lostSilently: number;
}

/** What was measured, as a whole. */
export function reportOf(columns: readonly JudgedColumn[], pace: Pace): LabReport {
  const cells = columns.flatMap((column) => column.cells);
  return {
    pace,
    techniques: TECHNIQUES.filter(({ name }) => columns.some((column) => cellOf(column, name))).map(
      ({ name, how }) => ({ name, how }),
    ),
    networks: columns,
    lostSilently: cells.reduce((sum, cell) => sum + lostIn(cell), 0),
  };
}

/** A column, with what the field says beside each cell. */
export function judgedColumn(column: Column, pace: Pace): JudgedColumn {
  const cells = column.cells.map((cell) => ({ ...cell, claim: judged(column, cell, pace) }));
  return { ...column, cells, conclusion: conclusionOf(column) };
}

function lostIn({ technique, works, missed, gaps, passedOver }: Cell): number {
  // A client by hand that got nothing from the start shows what its technique is worth here; for the SDK it would be a fault.
  const isOwed = technique === SDK || works === 'until the change';
  return isOwed && gaps === 0 ? missed : passedOver;
}
