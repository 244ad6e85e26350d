import type { Side } from '../../../inspector/wire-record.ts';
import type { Purpose, Step } from '../inspector/dissect/steps.ts';
import { titleOf } from '../inspector/sentences.ts';
import { PARKED_MS } from '../inspector/transports.ts';

/** A line of a sequence diagram. */
export type Row =
  | {
      readonly kind: 'arrow';
      readonly key: string;
      readonly purpose: Purpose;
      readonly from: Side;
      readonly at: number;
      readonly name: string;
      readonly gist: string;
      /** Bytes. */
      readonly length: number;
      /** The keys of what it stands for: a head and its body are one arrow. */
      readonly steps: readonly string[];
    }
  /** Time that passes on the hub's side. @property share of the longest that it may last */
  | { readonly kind: 'bar'; readonly key: string; readonly text: string; readonly share: number }
  /** Something that is no byte on these wires. */
  | { readonly kind: 'event'; readonly key: string; readonly at: number; readonly text: string };

/** @param longestMs that the hub parks a request */
export function rowsOf(steps: readonly Step[], longestMs: number): Row[] {
  const rows: Row[] = [];
  for (const step of steps) {
    const { detail, exchange, from, key, length, at, purpose } = step;
    if (detail.kind === 'answer' && detail.parkedMs > PARKED_MS)
      rows.push({
        kind: 'bar',
        key: `parked ${key}`,
        text: `parked ${(detail.parkedMs / 1000).toFixed(1)} s`,
        share: detail.parkedMs / longestMs,
      });
    const { name, gist } = titleOf(step);
    // A body belongs to the head before it, unless another exchange came between.
    const last = rows.at(-1);
    if (detail.kind === 'body' && last?.kind === 'arrow' && last.from === from && last.purpose === purpose)
      rows[rows.length - 1] = {
        ...last,
        gist: `${last.gist} ${gist}`,
        length: last.length + length,
        steps: [...last.steps, key],
      };
    else
      rows.push({
        kind: 'arrow',
        key: `${exchange} ${key}`,
        purpose,
        from,
        at,
        name,
        gist,
        length,
        steps: [key],
      });
  }
  return rows;
}
