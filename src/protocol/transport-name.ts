/** Every transport by its name, at both ends: the best first, as a client tries them. */
export const TRANSPORT_NAMES = [
  'webtransport',
  'websocket',
  'sse',
  'http-streaming',
  'long-polling',
  'polling',
] as const;

export type TransportName = (typeof TRANSPORT_NAMES)[number];

/** Those that every hub has and every runtime knows; WebTransport, over UDP, takes a hub that was told to serve it, and mostly a browser. */
export type TcpTransport = Exclude<TransportName, 'webtransport'>;

export const TCP_TRANSPORTS: readonly TcpTransport[] = /* @__PURE__ */ TRANSPORT_NAMES.filter(
  (name) => name !== 'webtransport',
);
