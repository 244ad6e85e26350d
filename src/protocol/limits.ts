/** What one client may ask of a hub. Each refusal names the limit it met. */
export interface Limits {
  /** Payload of one message, in bytes. → `message_too_large` */
  messageBytes: number;
  /** Body of one request, a batch for example, in bytes. → `body_too_large` */
  bodyBytes: number;
  /** Messages in one batch. → `batch_too_large` */
  messagesPerRequest: number;
  /** Frames in the body of one request to the SDK's endpoint. → `batch_too_large` */
  framesPerRequest: number;
  /** Arrays and objects within each other in a message's JSON. → `json_too_deep` */
  jsonDepth: number;
  /** What a publish names for a conflating channel to replace, in bytes. → `invalid_parameter` */
  conflationKeyBytes: number;
  /** Channels named in one URL. → `too_many_channels` */
  channelsPerRequest: number;
  /** Channels subscribed on one SDK connection. → `too_many_channels` */
  channelsPerConnection: number;
  /** Frames of one connection not handled yet, and requests at work; beyond it the hub stops reading from its socket. */
  framesInFlight: number;
  /** Requests and connections open at once on a node, and no more than its file descriptors leave. → `too_many_connections` */
  connections: number;
  /** Bytes of frames of one connection not handled yet; beyond it the hub stops reading from its socket. */
  receivedBytesPerConnection: number;
  /** Bytes held of bodies and frames from one address, until they are handled. → `hub_busy` */
  receivedBytesPerAddress: number;
  /** The same of all addresses together; by default a sixteenth of the heap, if that is less. → `hub_busy` */
  receivedBytes: number;
  /** Bytes a second that a body or a large frame must come at, on average after its first 10 s. → `body_too_slow` */
  bodyBytesPerSecond: number;
  /** Body of one request, and one frame, of a client that has shown no token where one is asked for. → `body_too_large` */
  strangerBytes: number;
  /** Requests and connections open at once from one address. → `too_many_connections` */
  connectionsPerAddress: number;
  /** Messages published a second from one address, twice as many in a burst. → `too_many_publishes` */
  publishesPerSecond: number;
  /** Their payloads' bytes a second from one address, twice as many in a burst. → `too_many_publishes` */
  publishBytesPerSecond: number;
  /** Messages in one polling answer. `limit` above it is cut to it. */
  pageMessages: number;
  /** Members of a channel in one answer. `limit` above it is cut to it. */
  pageMembers: number;
  /** The longest that a request is parked, in seconds. Asking for more is cut to it. */
  waitSeconds: number;
  /** Data that a member shows in presence, as JSON, in bytes. → `message_too_large` */
  presenceBytes: number;
  /** How long the function of a channel's rule may take, in seconds. → `authorisation_unavailable` */
  rightSeconds: number;
  /** Answers of such functions that the hub remembers. The oldest is forgotten first, and asked for again. */
  rememberedRights: number;
  /** Streams open at once on one connection of HTTP/2. → the stream is reset, `REFUSED_STREAM` */
  streamsPerConnection: number;
  /** Header fields of one request over HTTP/2, in bytes. → the stream is reset, `ENHANCE_YOUR_CALM` */
  http2HeaderBytes: number;
  /** What one connection of HTTP/2 may have the hub hold in headers and in data nobody reads. → the same, for new streams */
  http2BytesPerConnection: number;
  /** Streams of one connection that are reset within 10 s. → the connection ends, `ENHANCE_YOUR_CALM` */
  resetsPerConnection: number;
  /** Pings and settings of one connection within 10 s. → the connection ends, `ENHANCE_YOUR_CALM` */
  controlFramesPerConnection: number;
}

export const DEFAULT_LIMITS: Readonly<Limits> = {
  messageBytes: 1024 * 1024,
  bodyBytes: 8 * 1024 * 1024,
  messagesPerRequest: 1000,
  // The SDK sends at most a subscription for each channel, and a hello.
  framesPerRequest: 2000,
  jsonDepth: 64,
  conflationKeyBytes: 256,
  channelsPerRequest: 100,
  channelsPerConnection: 1000,
  framesInFlight: 64,
  connections: 1_000_000,
  receivedBytesPerConnection: 256 * 1024,
  receivedBytesPerAddress: 32 * 1024 * 1024,
  receivedBytes: 256 * 1024 * 1024,
  bodyBytesPerSecond: 4 * 1024,
  strangerBytes: 64 * 1024,
  connectionsPerAddress: 10_000,
  publishesPerSecond: 1000,
  // A burst takes a whole body.
  publishBytesPerSecond: 8 * 1024 * 1024,
  pageMessages: 1000,
  pageMembers: 100,
  // Proxies cut an idle request at 60 s.
  waitSeconds: 55,
  presenceBytes: 1024,
  rightSeconds: 5,
  // Some 30 MB of them.
  rememberedRights: 100_000,
  // Tabs share one connection: eight of them with twenty EventSources each.
  streamsPerConnection: 256,
  // As much as Node takes over HTTP/1.1.
  http2HeaderBytes: 16 * 1024,
  http2BytesPerConnection: 16 * 1024 * 1024,
  // All streams at once when a browser ends, and as many again. nghttp2 itself has a limit at 1,000.
  resetsPerConnection: 512,
  controlFramesPerConnection: 512,
};
