import type { Technique } from './clients/client.ts';
import { isUpgrade } from './middlebox/request-head.ts';
import type { Way } from './networks/network.ts';
import type { Reception } from './reception.ts';
import type { Tls } from './tls.ts';

/** `until the change`: nothing that was published after it has come. */
export type Works = 'yes' | 'no' | 'until the change';

/** What one technique does in one network. Times are in milliseconds. */
export interface Cell {
  readonly technique: string;
  readonly works: Works;
  /** The first message was published as the client began: this has connecting in it, and finding a way that works. */
  readonly firstMs: number | undefined;
  /** Of those published while all was calm. */
  readonly medianMs: number | undefined;
  readonly worstMs: number | undefined;
  /** From the change to the first message that was published after it. */
  readonly backMs: number | undefined;
  /** Of a message that was published after the change. */
  readonly worstAfterMs: number | undefined;
  readonly forgotten: boolean;
  readonly missed: number;
  readonly doubled: number;
  readonly gaps: number;
  /** Missed without a word: it has later messages, and no gap. */
  readonly passedOver: number;
  readonly requests: number;
  readonly fromCache: number;
  readonly sentLastEventId: boolean;
  readonly upgrades: number;
  /** In order, as it said it. */
  readonly said: readonly string[];
}

export interface Column {
  readonly network: string;
  readonly tls: Tls;
  readonly title: string;
  readonly does: string;
  readonly changes: string;
  /** Published. */
  readonly messages: number;
  readonly cells: readonly Cell[];
}

/** Undefined where the technique can't be had. */
export function cellOf<Of extends Cell>(
  { cells }: { readonly cells: readonly Of[] },
  technique: string,
): Of | undefined {
  return cells.find((cell) => cell.technique === technique);
}

/**
 * @param live the number of the last message that was published while all was calm
 * @param changedAt undefined before the change
 */
export function readCell(
  { technique, way, reception }: { technique: Technique; way: Way; reception: Reception },
  live: number,
  changedAt: number | undefined,
): Cell {
  const calm = latenesses(reception, 2, live);
  const after = latenesses(reception, live + 1, Number.POSITIVE_INFINITY);
  const back = changedAt === undefined ? undefined : reception.firstSince(changedAt);
  const { requests } = way.box;
  return {
    technique: technique.name,
    works: worksOf(reception, changedAt !== undefined && back === undefined),
    firstMs: tenths(reception.lateness(1)),
    medianMs: tenths(calm[Math.floor(calm.length / 2)]),
    worstMs: tenths(calm.at(-1)),
    backMs: back === undefined ? undefined : tenths(back - changedAt!),
    worstAfterMs: tenths(after.at(-1)),
    forgotten: way.forgotten ?? false,
    missed: reception.missed,
    doubled: reception.doubled,
    gaps: reception.gaps,
    passedOver: reception.passedOver,
    requests: requests.length,
    fromCache: way.fromCache ?? 0,
    sentLastEventId: requests.some(({ headers }) => 'last-event-id' in headers),
    upgrades: requests.filter(isUpgrade).length,
    said: reception.said,
  };
}

function worksOf({ arrivedAt }: Reception, isAway: boolean): Works {
  if (arrivedAt.size === 0) return 'no';
  return isAway ? 'until the change' : 'yes';
}

/** The transport on which the SDK ended. */
export function transportOf({ said }: Pick<Cell, 'said'>): string {
  return /^(\S+) works/.exec(said.findLast((text) => / works/.test(text)) ?? '')?.[1] ?? 'nothing';
}

/** A clock in a program that is measured knows no more. */
function tenths(ms: number | undefined): number | undefined {
  return ms === undefined ? undefined : Math.round(ms * 10) / 10;
}

/** The least first. */
function latenesses(reception: Reception, from: number, to: number): number[] {
  return [...reception.arrivedAt.keys()]
    .filter((number) => number >= from && number <= to)
    .map((number) => reception.lateness(number)!)
    .sort((a, b) => a - b);
}
