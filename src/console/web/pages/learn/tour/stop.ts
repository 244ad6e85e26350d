import type { ClaimName } from '../../../../../field/claims.ts';
import type { TcpTransport } from '../../../../../protocol/transport-name.ts';
import { fieldOf } from '../../inspector/dissect/head.ts';
import type { Detail, Step } from '../../inspector/dissect/steps.ts';
import { bytesOf } from '../../inspector/figures.ts';
import { type OnNote, openPoll, type Reader, type RequestStamp } from '../../inspector/reader.ts';
import { INSPECTED } from '../../inspector/transports.ts';

/** Shorter than a client's, so that the limit can be waited for. */
export const WAIT_SECONDS = 10;

/** What the page does at a stop, if its button is pressed. */
export type Act = 'publish' | 'ping' | 'cut' | 'close';

export const ACTS: Readonly<Record<Act, string>> = {
  publish: 'Publish an event',
  ping: 'Ask for a ping',
  cut: 'Cut the connection',
  close: 'Close it',
};

/** A place of the tour, with the step of the recording that it is about. */
export interface Stop {
  readonly title: string;
  readonly what: string;
  readonly why: string;
  readonly find: (steps: readonly Step[]) => Step | undefined;
  readonly act?: Act;
  /** What the field says of it. */
  readonly of?: readonly ClaimName[];
  /** What the recording says to it. @param step what `find` has found */
  readonly reading?: (step: Step, steps: readonly Step[]) => string | undefined;
  /** Nothing crosses the wire meanwhile. */
  readonly silent?: true;
}

/** Begins to read as the tour shows it. */
export function readBy(transport: TcpTransport, stamp: RequestStamp, onNote: OnNote): Reader {
  return transport === 'long-polling'
    ? openPoll(stamp, WAIT_SECONDS, onNote)
    : INSPECTED[transport].read(stamp, onNote);
}

type Kind = Detail['kind'];

/** Finds the step of a kind and side that is so many behind the first. */
export const nth =
  (kind: Kind, from: Step['from'], index = 0) =>
  (steps: readonly Step[]) =>
    steps.filter((step) => step.detail.kind === kind && step.from === from && step.purpose !== 'publish')[
      index
    ];

/** Finds the first step of a kind by which the hub delivers. */
export const withMessage =
  (kind: Kind) =>
  (steps: readonly Step[]): Step | undefined =>
    steps.find(
      ({ detail, from, purpose, tally }) =>
        detail.kind === kind && from === 'server' && purpose !== 'publish' && tally.messages > 0,
    );

/** Finds the first frame of a side that fits. */
export const frame =
  (from: Step['from'], fits: (header: { opcode: number }, text: string) => boolean) =>
  (steps: readonly Step[]): Step | undefined =>
    steps.find(
      ({ detail, from: sender }) =>
        detail.kind === 'frame' &&
        sender === from &&
        fits(detail.header, new TextDecoder().decode(detail.payload)),
    );

/** How long before a step the hub had read what it brings. */
export const afterPublish = (step: Step, steps: readonly Step[]): string | undefined => {
  const sent = steps.findLast(
    ({ purpose, from, at }) => purpose === 'publish' && from === 'client' && at <= step.at,
  );
  return sent && `It came ${duration(step.at - sent.until)} after the hub had read the event.`;
};

export const headsOf = ({ length }: Step) => `The head of this request takes ${bytesOf(length)}.`;

export function framedBy({ detail }: Step): string | undefined {
  if (detail.kind !== 'answer') return undefined;
  const length = fieldOf(detail.head, 'content-length') ?? 'none';
  return `Transfer-Encoding: ${fieldOf(detail.head, 'transfer-encoding') ?? 'none'}. Content-Length: ${length}.`;
}

export function framingOf({ detail, length }: Step): string {
  if (detail.kind !== 'frame') return '';
  return `${bytesOf(detail.header.bytes)} of framing, ${bytesOf(length - detail.header.bytes)} of payload.`;
}

export function duration(ms: number): string {
  return ms < 1000 ? `${ms.toFixed(1)} ms` : `${(ms / 1000).toFixed(2)} s`;
}
