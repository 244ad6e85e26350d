/** What a run is judged by. The numbers stand in the judge's findings. */
export const INVARIANTS = {
  1: {
    rule: 'A publish settles within a bound of calm, whatever became of its connections.',
    promise: 'docs/client.md: `publish` resolves once the log has the message; until then it is sent again',
  },
  2: {
    rule: 'An acknowledged publish is in the log, once, at the position that was acknowledged, and nothing else is.',
    promise: 'promise 3: an acknowledged publish is in the log, and its retry is not appended twice',
  },
  3: {
    rule: 'What a publisher sent to a channel stands there in the order in which it was sent.',
    promise: 'PROTOCOL 3: whichever comes first, 5 stands before 6 before 7, each once',
  },
  4: {
    rule: 'A reader gets messages in the order of the log, each once: of each channel with the SDK, of all of them raw.',
    promise:
      'promise 1: a subscriber sees a channel’s messages in order, each once; PROTOCOL 1.8: in the log’s one order',
  },
  5: {
    rule: 'What a reader did not get lies in a gap that it was told of, before any later message of its order.',
    promise: 'promise 2: what can’t be given any more is announced as a gap, on every transport',
  },
  6: {
    rule: 'A gap holds a message that was lost and none that was delivered, and retention or another epoch explains it.',
    promise: 'PROTOCOL 1.9: one message or more of `channel`, after `from` and up to `to`, are gone',
  },
  7: {
    rule: 'A position names one message, whoever tells of it.',
    promise: 'PROTOCOL 1.1: all channels of a hub share one log with one order; a position is a place in it',
  },
  8: {
    rule: 'Every reader has caught up within a bound of calm.',
    promise: 'docs/client.md: every subscription goes on from its position',
  },
  9: {
    rule: 'A process of the product ends when it is told to, by SIGTERM in time and with 0, and never else.',
    promise:
      'docs/deployment.md, “Going away”: on SIGTERM a node tells its clients, who move to others; then it ends',
  },
  10: {
    rule: 'A fault below or between is told as one that passes: nobody is refused for good.',
    promise: 'PROTOCOL 5: `log_unavailable`, nothing was lost: try again once the log is back',
  },
} as const;

export type InvariantNumber = keyof typeof INVARIANTS;

export interface Violation {
  readonly invariant: InvariantNumber;
  readonly what: string;
}

/** Of a fault that shows in a thousand places so many are told. */
const TOLD_OF_EACH = 3;

export function describe(violations: readonly Violation[]): string {
  const numbers = [...new Set(violations.map(({ invariant }) => invariant))].sort(
    (one, other) => one - other,
  );
  return numbers
    .map((number) => {
      const { rule, promise } = INVARIANTS[number];
      const whats = violations
        .filter(({ invariant }) => invariant === number)
        .map(({ what }) => `    ${what}`);
      const more = whats.length > TOLD_OF_EACH ? [`    … and ${whats.length - TOLD_OF_EACH} more`] : [];
      return [`  ${number}. ${rule} (${promise})`, ...whats.slice(0, TOLD_OF_EACH), ...more].join('\n');
    })
    .join('\n');
}
