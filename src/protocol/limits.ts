/** What one client may ask of a hub. Each refusal names the limit it met. */
export interface Limits {
  /** Payload of one message, in bytes. → `message_too_large` */
  messageBytes: number;
  /** Body of one request, a batch for example, in bytes. → `body_too_large` */
  bodyBytes: number;
  /** Channels named in one URL. → `too_many_channels` */
  channelsPerRequest: number;
  /** Channels subscribed on one SDK connection. → `too_many_channels` */
  channelsPerConnection: number;
  /** Frames of one connection not handled yet, and requests at work; beyond it the hub stops reading from its socket. */
  framesInFlight: number;
  /** Requests and connections open at once on a node, and no more than its file descriptors leave. → `too_many_connections` */
  connections: number;
  /** Requests and connections open at once from one address. → `too_many_connections` */
  connectionsPerAddress: number;
  /** Messages published a second from one address, twice as many in a burst. → `too_many_publishes` */
  publishesPerSecond: number;
  /** Messages in one polling answer. `limit` above it is cut to it. */
  pageMessages: number;
  /** Members of a channel in one answer. `limit` above it is cut to it. */
  pageMembers: number;
  /** The longest that a request is parked, in seconds. Asking for more is cut to it. */
  waitSeconds: number;
  /** Data that a member shows in presence, as JSON, in bytes. → `message_too_large` */
  presenceBytes: number;
}

export const DEFAULT_LIMITS: Readonly<Limits> = {
  messageBytes: 1024 * 1024,
  bodyBytes: 8 * 1024 * 1024,
  channelsPerRequest: 100,
  channelsPerConnection: 1000,
  framesInFlight: 64,
  connections: 1_000_000,
  connectionsPerAddress: 10_000,
  publishesPerSecond: 1000,
  pageMessages: 1000,
  pageMembers: 100,
  // Proxies cut an idle request at 60 s.
  waitSeconds: 55,
  presenceBytes: 1024,
};
