import type { TcpTransport } from '../../../../protocol/transport-name.ts';
import { fieldOf, type Head } from './dissect/head.ts';
import {
  type OnNote,
  openEvents,
  openPoll,
  openSocket,
  openStream,
  type Reader,
  type RequestStamp,
} from './reader.ts';

/** How the inspector reads over a transport, knows its requests again, and explains them. */
export interface InspectedTransport {
  /** Reads the channel until it is closed, with nothing but what browsers have. */
  readonly read: (stamp: RequestStamp, onNote: OnNote) => Reader;
  /** Whether a request's head asks for this transport: PROTOCOL.md section 1.3. The transports are asked best first. */
  readonly asksFor: (request: Head) => boolean;
  /** Whether frames of RFC 6455 follow the heads. */
  readonly frames: boolean;
  /** What happens with its request, and why. */
  readonly asked: string;
  /** What happens with an answer of success. @param parkedMs from the request's last byte to the answer's first */
  readonly answered: (parkedMs: number) => string;
  /** What the field says of its overhead, where it gives a figure. */
  readonly claims: { readonly heads?: string; readonly framing?: string };
}

/** A request that is answered sooner was not parked. */
export const PARKED_MS = 50;

export const WAIT_SECONDS = 25;

/** The transport that the inspector reads by at first. */
export const FIRST_INSPECTED: TcpTransport = 'sse';

const ENDLESS_ANSWER =
  'The head of an answer without end. It has no Content-Length: the body comes in chunks, each with its size before it.';

/** A transport without a row here does not compile. */
export const INSPECTED: Readonly<Record<TcpTransport, InspectedTransport>> = {
  websocket: {
    read: openSocket,
    asksFor: (request) => fieldOf(request, 'upgrade')?.toLowerCase() === 'websocket',
    frames: true,
    asked:
      'The browser asks to leave HTTP on this connection and to speak WebSocket from here on. The request is plain HTTP, so that a server that can’t may refuse.',
    answered: () => 'The hub agrees. From the next byte on both sides send frames, whenever they like.',
    claims: { framing: '2 to 14 B' },
  },
  sse: {
    read: openEvents,
    asksFor: (request) => accepts(request, 'text/event-stream'),
    frames: false,
    asked:
      'The browser asks for an event stream: one answer that does not end. The hub writes each message into it.',
    answered: () => ENDLESS_ANSWER,
    claims: {},
  },
  'http-streaming': {
    read: (stamp, onNote) => openStream(stamp, 'application/x-ndjson', 'Reading with fetch.', onNote),
    asksFor: (request) => accepts(request, 'application/x-ndjson'),
    frames: false,
    asked: 'The browser asks for lines of JSON: one answer that does not end, a message a line.',
    answered: () => ENDLESS_ANSWER,
    claims: {},
  },
  'long-polling': {
    read: (stamp, onNote) => openPoll(stamp, WAIT_SECONDS, onNote),
    asksFor: (request) => /\bwait=/.test(fieldOf(request, 'prefer') ?? '') || /[?&]wait=/.test(request.start),
    frames: false,
    asked:
      'The browser asks what is new, and says how long the hub may wait for it. The hub parks the request until there is a message.',
    answered: (parkedMs) =>
      parkedMs > PARKED_MS
        ? 'The request was parked until now. The browser must ask again; its position covers the time between.'
        : 'There was something new already, so nothing was parked. The browser must ask again.',
    claims: { heads: 'about 800 B' },
  },
  polling: {
    read: (stamp, onNote) => openPoll(stamp, 0, onNote),
    // What asks for no other transport is a plain request.
    asksFor: () => true,
    frames: false,
    asked:
      'The browser asks what is new. Nothing in the request lets the hub wait, so it answers at once, news or not.',
    answered: () => 'The hub answers at once with what there is.',
    claims: { heads: 'about 800 B' },
  },
};

function accepts(request: Head, type: string): boolean {
  return (fieldOf(request, 'accept') ?? '').includes(type);
}
