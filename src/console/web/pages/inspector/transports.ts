import { TCP_TRANSPORTS, type TcpTransport } from '../../../../protocol/transport-name.ts';
import {
  ENDPOINT_NAMES,
  type EndpointName,
  GRAPHQL_PATH,
  GRPC_SUBSCRIBE_PATH,
} from '../../../endpoint-name.ts';
import { read as readGraphQL } from '../../measure/read-graphql.ts';
import { read as readGrpc } from '../../measure/read-grpc.ts';
import { fieldOf, type Head } from './dissect/head.ts';
import {
  type OnNote,
  openEndpoint,
  openEvents,
  openPoll,
  openSocket,
  openStream,
  type Reader,
  type RequestStamp,
} from './reader.ts';

/** How the inspector reads by a wire, knows its requests again, and explains them. */
export interface InspectedTransport {
  /** Reads the channel until it is closed, with nothing but what browsers have. */
  readonly read: (stamp: RequestStamp, onNote: OnNote) => Reader;
  /** Whether a request's head asks for it: PROTOCOL.md section 1.3. They are asked in the order of `INSPECTED_NAMES`. */
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

export type InspectedName = EndpointName | TcpTransport;

/** Endpoints first, as they have paths of their own; then transports, best first. */
export const INSPECTED_NAMES: readonly InspectedName[] = [...ENDPOINT_NAMES, ...TCP_TRANSPORTS];

/** A transport without a row here does not compile. */
export const INSPECTED: Readonly<Record<InspectedName, InspectedTransport>> = {
  graphql: {
    read: (stamp, onNote) =>
      openEndpoint(readGraphQL, 'Reading by a subscription. What you publish goes by POST.', stamp, onNote),
    asksFor: (request) => pathOf(request).endsWith(GRAPHQL_PATH),
    frames: true,
    asked:
      'The browser asks to leave HTTP on this connection, and names a language for the frames: graphql-transport-ws, in which many operations share a WebSocket.',
    answered: () =>
      'The hub agrees, and names the language that it will speak. From the next byte on both sides send frames, each with a message of it.',
    claims: { framing: '2 to 14 B, and the envelope' },
  },
  grpc: {
    read: (stamp, onNote) =>
      openEndpoint(readGrpc, 'Reading by a call of Connect, with fetch.', stamp, onNote),
    asksFor: (request) => pathOf(request).endsWith(GRPC_SUBSCRIBE_PATH),
    frames: false,
    asked:
      'The browser calls a method of the service fanwire.v1.Hub by Connect, which needs no more than a POST of HTTP/1.1. The request follows in an envelope.',
    answered: () => `${ENDLESS_ANSWER} What is in them is envelopes.`,
    claims: { framing: '5 B, and a chunk' },
  },
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

function pathOf({ start }: Head): string {
  return start.split(' ')[1]?.split('?')[0] ?? '';
}
