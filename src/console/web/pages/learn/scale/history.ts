import type { NodeName } from '../../../../../lab/cluster/cluster.ts';

/** Something that lasted, by this page's clock in milliseconds; without `to` it still lasts. */
export interface Span {
  readonly node: NodeName;
  readonly from: number;
  readonly to?: number;
}

/** A message that was published at a node, or came to the reader by way of one. */
export interface Mark {
  readonly key: string;
  readonly node: NodeName;
  readonly at: number;
}

/** How a node's end went for the reader that was at it. */
export interface Outage {
  readonly node: NodeName;
  /** When the button was pressed. */
  readonly pressedAt: number;
  /** When the client knew; undefined: it was not at this node, or does not know yet. */
  readonly lostAt?: number;
  /** The newest message that it had then. */
  readonly position?: string;
  readonly backAt?: number;
  readonly backNode?: NodeName;
}

export interface History {
  /** Where the reader was. */
  readonly stays: readonly Span[];
  /** When nodes were up. */
  readonly ups: readonly Span[];
  readonly published: readonly Mark[];
  readonly came: readonly Mark[];
  readonly outage: Outage | undefined;
}

export const NO_HISTORY: History = { stays: [], ups: [], published: [], came: [], outage: undefined };

/** What is older is not shown. */
export const SPAN_MS = 30_000;
const MAX_MARKS = 200;

/** The nodes that are up now, whichever were before. */
export function withNodes(history: History, up: readonly NodeName[], at: number): History {
  const ended = history.ups.map((span) =>
    span.to === undefined && !up.includes(span.node) ? { ...span, to: at } : span,
  );
  const begun = up
    .filter((node) => !ended.some((span) => span.node === node && span.to === undefined))
    .map((node) => ({ node, from: at }));
  return { ...history, ups: recent([...ended, ...begun], at) };
}

/** The reader is at this node now; undefined: at none. */
export function withStay(history: History, node: NodeName | undefined, at: number): History {
  const last = history.stays.at(-1);
  const current = last && last.to === undefined ? last : undefined;
  if (current?.node === node) return history;
  const ended = current ? history.stays.with(-1, { ...current, to: at }) : history.stays;
  const stays = recent(node ? [...ended, { node, from: at }] : ended, at);
  return { ...history, stays, outage: seenBy(history.outage, current?.node, node, at) };
}

/** The outage, when a reader leaves one node or comes to another. */
function seenBy(
  outage: Outage | undefined,
  left: NodeName | undefined,
  come: NodeName | undefined,
  at: number,
): Outage | undefined {
  if (!outage) return undefined;
  if (outage.lostAt === undefined && left === outage.node) {
    const lost = { ...outage, lostAt: at };
    return come ? { ...lost, backAt: at, backNode: come } : lost;
  }
  if (outage.lostAt !== undefined && outage.backAt === undefined && come)
    return { ...outage, backAt: at, backNode: come };
  return outage;
}

export function withMark(history: History, kind: 'published' | 'came', mark: Mark): History {
  return { ...history, [kind]: [...history[kind].slice(1 - MAX_MARKS), mark] };
}

export function withOutage(
  history: History,
  node: NodeName,
  position: string | undefined,
  at: number,
): History {
  return { ...history, outage: { node, pressedAt: at, ...(position && { position }) } };
}

function recent(spans: readonly Span[], at: number): readonly Span[] {
  return spans.filter(({ to }) => to === undefined || at - to < SPAN_MS);
}
