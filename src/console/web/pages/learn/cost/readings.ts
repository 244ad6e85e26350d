import type { Step } from '../../inspector/dissect/steps.ts';

/** The page polls in this lesson as often as the field's example does. */
export const POLL_MS = 1000;

/** What was measured, in bytes both ways. Undefined: not known yet. */
export interface Readings {
  /** A poll that brings nothing, and its heads alone. */
  readonly poll: number | undefined;
  readonly pollHeads: number | undefined;
  /** A poll that brings one message. */
  readonly pollWithMessage: number | undefined;
  /** A parked request that reaches its limit, its heads alone, and one that brings a message. */
  readonly longPoll: number | undefined;
  readonly longPollHeads: number | undefined;
  readonly longPollWithMessage: number | undefined;
  /** A message in an event stream, and what stands around it. */
  readonly event: number | undefined;
  readonly eventFraming: number | undefined;
  /** A message in a frame, and the frame's header. */
  readonly frame: number | undefined;
  readonly frameHeader: number | undefined;
  /** A ping with its pong. */
  readonly ping: number | undefined;
  /** How often was asked, and from one question to the next, in milliseconds. */
  readonly asked: number;
  readonly askedEveryMs: number | undefined;
}

interface Exchange {
  readonly bytes: number;
  readonly heads: number;
  readonly messages: number;
}

export function readingsOf(steps: readonly Step[]): Readings {
  const polls = answeredOf(steps, 'polling');
  const longPolls = answeredOf(steps, 'long-polling');
  const empty = polls.filter(({ messages }) => messages === 0);
  const events = steps.filter(({ purpose, tally }) => purpose === 'sse' && tally.messages === 1);
  const frames = steps.flatMap(({ purpose, from, detail, length }) =>
    purpose === 'websocket' && from === 'server' && detail.kind === 'frame'
      ? [{ length, header: detail.header, isMessage: isMessage(detail.payload) }]
      : [],
  );
  const messages = frames.filter((frame) => frame.isMessage);
  const control = steps.filter(
    ({ purpose, detail }) =>
      purpose === 'websocket' && detail.kind === 'frame' && [9, 10].includes(detail.header.opcode),
  );
  const times = steps.flatMap(({ purpose, detail, at }) =>
    purpose === 'polling' && detail.kind === 'request' ? [at] : [],
  );
  return {
    poll: mean(empty.map(({ bytes }) => bytes)),
    pollHeads: mean(empty.map(({ heads }) => heads)),
    pollWithMessage: mean(polls.filter(bringsOne).map(({ bytes }) => bytes)),
    longPoll: mean(longPolls.filter((each) => each.messages === 0).map(({ bytes }) => bytes)),
    longPollHeads: mean(longPolls.map(({ heads }) => heads)),
    longPollWithMessage: mean(longPolls.filter(bringsOne).map(({ bytes }) => bytes)),
    event: mean(events.map(({ length }) => length)),
    eventFraming: mean(events.map(({ tally }) => tally.framing)),
    frame: mean(messages.map(({ length }) => length)),
    frameHeader: mean(messages.map(({ header }) => header.bytes)),
    // One ping is asked for, and its pong follows.
    ping: control.length === 2 ? control.reduce((sum, { length }) => sum + length, 0) : undefined,
    asked: times.length,
    askedEveryMs: times.length > 1 ? (times.at(-1)! - times[0]!) / (times.length - 1) : undefined,
  };
}

/** The exchanges of a purpose that are complete. */
function answeredOf(steps: readonly Step[], purpose: Step['purpose']): Exchange[] {
  const own = new Map<number, Step[]>();
  for (const step of steps) {
    if (step.purpose === purpose) own.set(step.exchange, [...(own.get(step.exchange) ?? []), step]);
  }
  return [...own.values()]
    .filter(
      (parts) =>
        parts.some(isRequest) &&
        parts.some(({ from, detail }) => from === 'server' && detail.kind === 'body'),
    )
    .map((parts) => ({
      bytes: parts.reduce((sum, { length }) => sum + length, 0),
      heads: parts.reduce((sum, { tally }) => sum + tally.heads, 0),
      messages: parts.reduce((sum, { tally }) => sum + tally.messages, 0),
    }));
}

const isRequest = ({ detail }: Step) => detail.kind === 'request';

const bringsOne = ({ messages }: Exchange) => messages === 1;

function isMessage(payload: Uint8Array): boolean {
  return new TextDecoder().decode(payload.subarray(0, 5)) === '{"id"';
}

function mean(values: readonly number[]): number | undefined {
  return values.length > 0 ? values.reduce((sum, value) => sum + value, 0) / values.length : undefined;
}
