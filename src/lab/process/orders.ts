import type { Act } from '../act.ts';
import type { DriveNews } from '../drive.ts';
import type { JudgedColumn } from '../lab.ts';
import type { Stage } from '../measure.ts';
import type { Pace } from '../pace.ts';
import type { Certificates, Tls } from '../tls.ts';

/** A network by its name, with what is encrypted in it. */
export interface Choice {
  readonly network: string;
  readonly tls: Tls;
}

/** What the lab's process is told to do. Networks are measured one after the other; a drive goes on until the process is ended. */
export type Order =
  | { readonly kind: 'measure'; readonly choices: readonly Choice[]; readonly pace: Pace }
  | { readonly kind: 'drive'; readonly choice: Choice; readonly pace: Pace }
  | { readonly kind: 'act'; readonly act: Act };

/** What it is told first, before any order: it has been made to trust them as it began. */
export interface Beginning {
  readonly kind: 'begin';
  readonly certificates: Certificates;
}

/** What the lab's process tells. */
export type LabNews =
  /** Each second, and at its end. */
  | {
      readonly kind: 'column';
      readonly stage: Stage;
      readonly column: JudgedColumn;
      readonly pace: Pace;
      /** Those that are still to be measured. */
      readonly waiting: readonly Choice[];
    }
  | { readonly kind: 'drive'; readonly drive: DriveNews; readonly pace: Pace }
  /** All that it was told to measure is measured. */
  | { readonly kind: 'done' };
