/**
 * A place in a log's one order. "I have everything up to here" is all a client needs to say to resume
 * on any transport and any node; it grants nothing.
 */
export interface Position {
  /** Names one life of the log: a log that lost its numbering starts another epoch. */
  readonly epoch: string;
  /** 0 stands before the first message of the epoch. */
  readonly sequence: number;
}

// Sixteen digits hold every safe integer.
const TOKEN = /^([a-z0-9]{1,32})\.(0|[1-9][0-9]{0,15})$/;

/** The token `epoch.sequence`: URL-safe, and free of what an SSE `id` field may not hold. */
export function formatPosition(position: Position): string {
  return `${position.epoch}.${position.sequence}`;
}

/** Returns undefined for anything that no log could have given out. */
export function parsePosition(token: string): Position | undefined {
  const match = TOKEN.exec(token);
  if (!match) return undefined;
  const sequence = Number(match[2]);
  return Number.isSafeInteger(sequence) ? { epoch: match[1]!, sequence } : undefined;
}

/** Whether `position` lies at or after `other`. Positions of different epochs have no order: false. */
export function reaches(position: Position, other: Position): boolean {
  return position.epoch === other.epoch && position.sequence >= other.sequence;
}
