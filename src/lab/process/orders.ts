import type { Act } from '../act.ts';
import type { DriveNews } from '../drive.ts';
import type { JudgedColumn } from '../lab.ts';
import type { Stage } from '../measure.ts';
import type { Pace } from '../pace.ts';

/** What the lab's process is told to do. Networks are measured one after the other; a drive goes on until the process is ended. */
export type Order =
  | { readonly kind: 'measure'; readonly networks: readonly string[]; readonly pace: Pace }
  | { readonly kind: 'drive'; readonly network: string; readonly pace: Pace }
  | { readonly kind: 'act'; readonly act: Act };

/** What the lab's process tells. */
export type LabNews =
  /** Each second, and at its end. */
  | {
      readonly kind: 'column';
      readonly stage: Stage;
      readonly column: JudgedColumn;
      readonly pace: Pace;
      /** The networks that are still to be measured. */
      readonly waiting: readonly string[];
    }
  | { readonly kind: 'drive'; readonly drive: DriveNews; readonly pace: Pace }
  /** All that it was told to measure is measured. */
  | { readonly kind: 'done' };
