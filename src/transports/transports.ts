import type { TransportName } from '../protocol/transport-name.ts';
import { httpStreaming } from './http-streaming/transport.ts';
import { longPolling } from './long-polling/transport.ts';
import { polling } from './polling/transport.ts';
import { sse } from './sse/transport.ts';
import type { RequestTransport, SocketTransport, Transport } from './transport.ts';
import { websocket } from './websocket/transport.ts';
import { webtransport } from './webtransport/transport.ts';

const BY_NAME: { readonly [Name in TransportName]: Transport & { readonly name: Name } } = {
  'long-polling': longPolling,
  polling,
  sse,
  'http-streaming': httpStreaming,
  websocket,
  webtransport,
};

/** Every transport. Those of a media type stand in the order in which they are asked, and media types in the hub's own preference. */
export const TRANSPORTS: readonly Transport[] = Object.values(BY_NAME);

export const REQUEST_TRANSPORTS: readonly RequestTransport[] = TRANSPORTS.filter(
  (transport) => transport.comesAs === 'request',
);

export const SOCKET_TRANSPORTS: readonly SocketTransport[] = TRANSPORTS.filter(
  (transport) => transport.comesAs === 'socket',
);
