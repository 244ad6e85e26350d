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
