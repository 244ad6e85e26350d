/*
 * What courses and articles say of server push, a sentence for each thing that can be seen or measured. The console and the
 * lab show it beside what they read; docs/claims.md lists all of it, with where it is seen and what a run has read.
 */
import { type Aspect, COMPARISON, type Compared } from './comparison.ts';

const EVERY_PUSH = {
  'only-the-client': 'HTTP lets only the client begin',
  'near-instant': 'near-instant',
  'same-idea': 'the same idea each time: the server sends without being asked',
} as const;

const POLLING = {
  'poll-timer': 'the client asks on a timer; the server answers at once, mostly “no change”',
  'poll-late': 'latency 0 to N s, N/2 on average (5 s → 2.5 s)',
  'poll-thousand': '1,000 users every 2 s = 500 requests/s',
  'poll-ten-thousand': '10,000 users every 5 s = 2,000 requests/s',
  'poll-hour': '1 s polling for an hour = 3,600 requests',
  'poll-heads': 'about 800 bytes of HTTP headers a request',
  'poll-cacheable': 'cacheable by a CDN',
  'poll-everywhere': 'polling works everywhere',
} as const;

const LONG_POLLING = {
  park: 'the server parks the request until an event or a time limit (30–60 s), then answers',
  'ask-again': 'the client asks again at once (immediately or after a set interval)',
  threads:
    'a thread per parked request costs 2 MB, so 10,000 idle users cost 20 GB on a threaded server, next to nothing on an event loop',
  window: 'the window in which nobody listens = time between a response’s end and the next request’s start',
  'order-kept': 'ordering across requests must be kept',
  'proxies-cut': 'proxies cut at 60–120 s',
  herd: 'thundering herd: a popular event answers every client, and all ask again at once',
} as const;

const SSE = {
  'sse-response': 'one HTTP response that never ends, text/event-stream',
  'sse-fields': 'fields data (several lines allowed), event, id, retry',
  'sse-returns': 'the browser reconnects by itself and sends Last-Event-ID',
  'sse-one-way': 'one way only; text only',
  'six-connections': 'six connections a domain on HTTP/1.1 (six tabs use them up), none of that on HTTP/2',
  'sse-chunked': 'chunked on HTTP/1.1',
  'sse-buffered': 'proxies may buffer it',
  'sse-favoured': 'favoured for AI token streams and live scores',
} as const;

const WEBSOCKET = {
  'ws-request': 'GET with Upgrade: websocket, Connection: Upgrade, Sec-WebSocket-Key',
  'ws-answer': 'answer 101 with Sec-WebSocket-Accept; frames after that',
  'ws-accept': 'key dGhlIHNhbXBsZSBub25jZQ== → accept s3pPLMBiTxaQ9kYGzzhZRbK+xOo=',
  'ws-accept-too': 'key T2a6wZlAwhgQNqruZ2YUyg== → accept iBJKv/ALIW2DobfoA4dmr3JHBCY=',
  'ws-opcodes': 'opcode 1 text, 2 binary, 8 close, 9/10 ping/pong',
  'ws-lengths': 'payload length in 7 bits (0–125), 126 → 16 more bits, 127 → 64 more',
  'ws-framing': '2 to 14 bytes of framing a message',
  'ws-drops': 'not recovered by itself when it drops',
  'ws-blocked': 'proxies may block the upgrade',
  'ws-cursor': 'a player’s cursor at 60 messages/s is a natural load',
} as const;

const BEYOND = {
  webtransport:
    'WebTransport over HTTP/3 and QUIC (independent streams, a lost packet holds up one stream only, datagrams, 0-RTT)',
  http2: 'HTTP/2 multiplexing',
  graphql: 'GraphQL subscriptions (over WebSocket or SSE)',
  grpc: 'gRPC streaming (server, client, both ways, over HTTP/2)',
} as const;

const CHOOSING = {
  'choose-websocket': 'both sides send often → WebSocket',
  'choose-sse': 'else the server pushes → SSE',
  'choose-long-polling': 'else data changes more often than every 30 s → long polling',
  'choose-polling': 'else → polling',
  'start-simple': 'start with the simplest that meets the need, move up when it hits its limit',
} as const;

const NETWORK = {
  'proxy-inspects': 'corporate proxies inspect TLS',
  'proxy-holds': 'corporate proxies hold streamed responses back',
  'proxy-strips': 'corporate proxies strip Upgrade',
  'https-avoids': 'HTTPS avoids much of it',
  'test-behind-one': 'always test behind one',
  'polling-fallback': 'always have a polling fallback',
  'idle-cut': 'mobile carriers drop idle TCP after 30–60 s',
  heartbeat: 'heartbeat every 15–30 s',
  'network-change': 'Wi-Fi to cellular drops every TCP connection',
  backoff: 'reconnect with exponential backoff (1, 2, 4, 8 s …)',
  radio: 'a held connection keeps the radio awake → fewer pings, batched updates',
  fallback: 'try the best transport, detect failure, fall back to long polling',
  unchanged: 'the application’s code does not change',
} as const;

const SCALE = {
  'one-server': 'a connection lives on one server',
  backplane:
    'a message that arrives at another must cross a pub/sub backplane (usually Redis) to the server that owns the socket',
  crash: 'a crashed server drops all its clients at once',
} as const;

/** What plain request and response fails at, by the name of the console's scenario. */
const SCENARIOS = {
  'qr-login': 'QR-code login (the page waits for the phone’s scan, 1–2 s polls feel slow)',
  chat: 'chat',
  scores: 'live scores',
  notifications: 'notifications',
  progress: 'progress of a server-side task',
  editor: 'collaborative editing',
  game: 'multiplayer games (monsters moved by the server, cursors at 60 Hz)',
  iot: 'IoT dashboards',
  ticker: 'financial trading (sub-second prices)',
  'ai-answer': 'AI answers typed out token by token',
} as const;

/** In the order in which they are taught. */
export const SUBJECTS = {
  'Server push': EVERY_PUSH,
  Polling: POLLING,
  'Long polling': LONG_POLLING,
  'Server-sent events': SSE,
  WebSocket: WEBSOCKET,
  Beyond: BEYOND,
  Choosing: CHOOSING,
  'Networks and coming back': NETWORK,
  Scale: SCALE,
  'What request and response fails at': SCENARIOS,
} as const;

/** Each sentence. */
export const CLAIMS = {
  ...EVERY_PUSH,
  ...POLLING,
  ...LONG_POLLING,
  ...SSE,
  ...WEBSOCKET,
  ...BEYOND,
  ...CHOOSING,
  ...NETWORK,
  ...SCALE,
  ...SCENARIOS,
} as const;

/** Of a sentence, or of a cell of the comparison. */
export type ClaimName = keyof typeof CLAIMS | `${Compared}/${Aspect}`;

/** What is said; of a cell of the comparison without its aspect. */
export function sayingOf(name: ClaimName): string {
  if (isSentence(name)) return CLAIMS[name];
  const { compared, aspect } = cellOf(name);
  return COMPARISON[compared][aspect];
}

/** What is said, so that it can be read alone. */
export function sentenceOf(name: ClaimName): string {
  return isSentence(name) ? CLAIMS[name] : `${cellOf(name).aspect}: ${sayingOf(name)}`;
}

function isSentence(name: ClaimName): name is keyof typeof CLAIMS {
  return name in CLAIMS;
}

function cellOf(name: string) {
  const [compared, aspect] = name.split('/') as [Compared, Aspect];
  return { compared, aspect };
}
