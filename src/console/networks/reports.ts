import type { Act } from '../../lab/act.ts';
import type { Choice, LabNews } from '../../lab/process/orders.ts';
import type { Tls } from '../../lab/tls.ts';

/** While the lab runs, what it does and reads: `Live` messages. They end it where nobody reads them any more. */
export const LIVE_CHANNEL = 'console:lab:live';

/** Networks that were measured, each a `Measured`. */
export const MEASURED_CHANNEL = 'console:lab:measured';

/** What the page asks by the request `console:lab`. Its answer is a `Catalogue` for the first, and null. */
export type LabRequest =
  | { readonly kind: 'catalogue' }
  /** One after the other; while networks are measured these come after them. */
  | { readonly kind: 'measure'; readonly choices: readonly Choice[] }
  | { readonly kind: 'drive'; readonly choice: Choice }
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
  readonly tls: readonly { readonly name: Tls; readonly title: string; readonly does: string }[];
  readonly networks: readonly {
    readonly name: string;
    readonly title: string;
    readonly does: string;
    readonly changes: string;
    readonly nodes: number;
    /** By technique. */
    readonly claims: Readonly<Record<Tls, Readonly<Record<string, string>>>>;
  }[];
  readonly techniques: readonly {
    readonly name: string;
    readonly how: string;
    /** What may be encrypted for it to be there at all. */
    readonly over: readonly Tls[];
  }[];
  /** A technique whose package is not installed on the hub's machine. */
  readonly missing?: { readonly technique: string; readonly howToGetIt: string };
}
