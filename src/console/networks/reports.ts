import type { Act } from '../../lab/act.ts';
import type { LabNews } from '../../lab/process/orders.ts';

/** While the lab runs, what it does and reads: `Live` messages. They end it where nobody reads them any more. */
export const LIVE_CHANNEL = 'console:lab:live';

/** Networks that were measured, each a `Measured`. */
export const MEASURED_CHANNEL = 'console:lab:measured';

/** What the page asks by the request `console:lab`. Its answer is a `Catalogue` for the first, and null. */
export type LabRequest =
  | { readonly kind: 'catalogue' }
  /** One after the other; while networks are measured these come after them. */
  | { readonly kind: 'measure'; readonly networks: readonly string[] }
  | { readonly kind: 'drive'; readonly network: string }
  | { readonly kind: 'act'; readonly act: Act }
  | { readonly kind: 'end' };

export type Live =
  | LabNews
  /** @property fault why it ended, if it was not told to */
  | { readonly kind: 'over'; readonly fault: string | undefined };

export type Measured = Extract<LabNews, { kind: 'column' }>;

/** What can be measured, and what the field says of it. */
export interface Catalogue {
  readonly pace: number;
  readonly networks: readonly {
    readonly name: string;
    readonly title: string;
    readonly does: string;
    readonly changes: string;
    readonly nodes: number;
    /** By technique. */
    readonly claims: Readonly<Record<string, string>>;
  }[];
  readonly techniques: readonly { readonly name: string; readonly how: string }[];
}
