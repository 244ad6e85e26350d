import { NO_TALLY, type Step, type Tally } from './dissect/steps.ts';

/** The bytes and requests of one purpose. */
export interface Sum extends Tally {
  readonly requests: number;
}

export const NO_SUM: Sum = { ...NO_TALLY, requests: 0 };

export function sumWith(before: Sum, { tally, detail }: Step): Sum {
  return {
    requests: before.requests + (detail.kind === 'request' ? 1 : 0),
    heads: before.heads + tally.heads,
    framing: before.framing + tally.framing,
    upkeep: before.upkeep + tally.upkeep,
    content: before.content + tally.content,
    messages: before.messages + tally.messages,
  };
}
