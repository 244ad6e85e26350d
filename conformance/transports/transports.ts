import { graphql } from '../../src/graphql/index.ts';
import { grpc } from '../../src/grpc/index.ts';
import type { TransportName } from '../../src/protocol/transport-name.ts';
import type { Transport as ServedTransport } from '../../src/transports/transport.ts';
import { TRANSPORTS as SERVED } from '../../src/transports/transports.ts';
import { fetchUrlOf, serveEverywhere } from '../../test/support/hub.ts';
import { openGraphQLEvents, openGraphQLWebSocket } from '../../test/support/readers/graphql.ts';
import { openConnect, openGrpc, openGrpcWeb } from '../../test/support/readers/grpc.ts';
import { openHttpStreaming } from '../../test/support/readers/http-streaming.ts';
import { openLongPolling, openPolling } from '../../test/support/readers/polling.ts';
import type { OpenReader } from '../../test/support/readers/reader.ts';
import { openSse } from '../../test/support/readers/sse.ts';
import { openWebSocket } from '../../test/support/readers/websocket.ts';
import { openWebTransport } from '../../test/support/readers/webtransport.ts';

/** How the suite reads from a transport. */
interface Reading {
  readonly open: OpenReader;
  /** Whether a stream of one channel tells each message's time as well. */
  readonly tellsTime: boolean;
}

const READING: Readonly<Record<TransportName, Reading>> = {
  polling: { open: openPolling, tellsTime: true },
  'long-polling': { open: openLongPolling, tellsTime: true },
  sse: { open: openSse, tellsTime: false },
  'http-streaming': { open: openHttpStreaming, tellsTime: true },
  websocket: { open: openWebSocket, tellsTime: true },
  webtransport: { open: openWebTransport, tellsTime: true },
};

/** A transport as the suite sees it: how to read from it, and what it can do. */
export type Transport = ServedTransport & Reading;

const ALL: readonly Transport[] = SERVED.map((transport) => ({
  ...transport,
  ...READING[transport.name],
}));

/** Those over TCP, as they are over HTTP/1.1: what any URL of a hub or of a proxy in front of it has. */
export const TRANSPORTS: readonly Transport[] = ALL.filter(({ comesAs }) => comesAs !== 'session');

type Row = Reading & { readonly name: string };

serveEverywhere(graphql());
serveEverywhere(grpc());

/** Views of the channels that have clients of their own, and keep the same promises to them. */
const ENDPOINTS: readonly Row[] = [
  { name: 'graphql-ws', open: openGraphQLWebSocket, tellsTime: true },
  { name: 'graphql-sse', open: openGraphQLEvents, tellsTime: true },
  { name: 'grpc', open: openGrpc, tellsTime: true },
  { name: 'grpc-web', open: openGrpcWeb, tellsTime: true },
  { name: 'connect', open: openConnect, tellsTime: true },
];

/** The same over HTTP/2 as well: what can be cut by who stands in between. */
export const TCP_TRANSPORTS: readonly Row[] = [
  ...TRANSPORTS,
  ...TRANSPORTS.map(({ name, open, tellsTime }) => ({
    name: `${name} over HTTP/2`,
    open: ((base, options) => open(base, { ...options, http2: true })) satisfies OpenReader,
    tellsTime,
  })),
  ...ENDPOINTS,
];

/** What a hub serves by `hub.fetch`, in a server that speaks `Request` and `Response`. */
const FETCH_TRANSPORTS: readonly Row[] = [
  ...TRANSPORTS.filter(({ comesAs }) => comesAs === 'request'),
  ...ENDPOINTS.filter(({ name }) => name === 'graphql-sse'),
].map(({ name, open, tellsTime }) => ({
  name: `${name} by hub.fetch`,
  open: (async (base, options) => open(await fetchUrlOf(base), options)) satisfies OpenReader,
  tellsTime,
}));

/** Every file of the suite runs over every row of these. A new transport is one row more. */
export const ALL_TRANSPORTS: readonly Row[] = [
  ...TCP_TRANSPORTS,
  ...FETCH_TRANSPORTS,
  ...ALL.filter(({ comesAs }) => comesAs === 'session'),
];
