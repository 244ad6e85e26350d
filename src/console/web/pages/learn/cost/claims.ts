import type { ClaimName } from '../../../../../field/claims.ts';
import { figure, rounded } from './figures.ts';
import { POLL_MS, type Readings } from './readings.ts';

interface CostClaim {
  readonly of: ClaimName;
  /** Undefined while it has not been measured. */
  readonly reading: (readings: Readings) => string | undefined;
}

/** How many requests a second come of so many users who are told to ask so often: each question also takes the time of its answer. */
const requestsOf =
  (users: number, seconds: number) =>
  ({ askedEveryMs }: Readings): string | undefined => {
    if (askedEveryMs === undefined) return undefined;
    const answerMs = askedEveryMs - POLL_MS;
    const rate = users / (seconds + answerMs / 1000);
    return `${rounded(rate)} requests a second, as each question takes ${answerMs.toFixed(0)} ms beside the ${seconds} s.`;
  };

export const CLAIMS: readonly CostClaim[] = [
  { of: 'poll-thousand', reading: requestsOf(1000, 2) },
  { of: 'poll-ten-thousand', reading: requestsOf(10_000, 5) },
  {
    of: 'poll-hour',
    reading: ({ asked, askedEveryMs }) =>
      askedEveryMs === undefined
        ? undefined
        : `${rounded(3_600_000 / askedEveryMs)} in an hour: this page asked ${asked} times, every ${(askedEveryMs / 1000).toFixed(3)} s.`,
  },
  {
    of: 'poll-heads',
    reading: ({ pollHeads, poll }) =>
      pollHeads === undefined
        ? undefined
        : `${figure(pollHeads)} of heads, of the request and its answer, and ${figure(poll)} with the answer’s body.`,
  },
  {
    of: 'ws-framing',
    reading: ({ frameHeader, pollHeads, ping }) =>
      frameHeader === undefined
        ? undefined
        : `${figure(frameHeader)} a message over a WebSocket${pollHeads ? `, 1/${Math.round(pollHeads / frameHeader)} of a poll’s heads` : ''}${ping ? `; a ping with its pong takes ${figure(ping)}` : ''}.`,
  },
];
