import { CLAIMS } from '../../field/claims.ts';
import { TCP_TRANSPORTS, type TcpTransport, type TransportName } from '../../protocol/transport-name.ts';

/** What the console tells of a transport. How the inspector reads and explains it is in pages/inspector/transports.ts. */
export interface TransportFacts {
  /** The name that people use. */
  readonly label: string;
  /** A CSS colour: the transport's own, wherever it is drawn. */
  readonly colour: string;
  /** Whether the client asks again and again, so that requests are a rate and not a number. */
  readonly asksAgain: boolean;
  /** What the transport does, in a sentence. */
  readonly how: string;
  /** What the field claims. The playground shows its own measurements beside it. */
  readonly claims: {
    readonly delay: (pollIntervalMs: number) => string;
    readonly requests: (pollIntervalMs: number) => string;
    readonly bytes: string;
  };
  /** Code to start with, in a page of the hub's origin, without a library. A test runs it. */
  readonly start: (url: string) => string;
}

const NEAR_INSTANT = () => CLAIMS['near-instant'];
const ONE_OPEN = () => 'one that stays open';

/** A transport without a row here does not compile. */
export const TRANSPORTS: Readonly<Record<TransportName, TransportFacts>> = {
  webtransport: {
    label: 'WebTransport',
    colour: 'var(--webtransport)',
    asksAgain: false,
    how: 'A session over HTTP/3: each channel has a stream of its own, so that a lost packet holds up no other.',
    claims: { delay: NEAR_INSTANT, requests: () => 'one session', bytes: 'a line of JSON a message' },
    start: (url) => `const session = new WebTransport('${url}');
await session.ready;
const { value } = await session.incomingUnidirectionalStreams.getReader().read();
let rest = '';
for await (const text of value.pipeThrough(new TextDecoderStream())) {
  const lines = (rest + text).split('\\n');
  rest = lines.pop();
  for (const frame of lines.filter(Boolean).map(JSON.parse)) if (frame.id) show(frame.data);
}`,
  },
  websocket: {
    label: 'WebSocket',
    colour: 'var(--websocket)',
    asksAgain: false,
    how: 'The connection is upgraded; then both sides send frames.',
    claims: {
      delay: NEAR_INSTANT,
      requests: () => 'one upgrade',
      bytes: CLAIMS['ws-framing'],
    },
    start: (url) => `const socket = new WebSocket('${url}');
socket.onmessage = (event) => {
  const frame = JSON.parse(event.data);
  // Others are heartbeats, and acknowledgements of what we sent.
  if (frame.id) show(frame.data);
};
socket.onopen = () => socket.send('{"hello":"both ways"}');`,
  },
  sse: {
    label: 'Server-sent events',
    colour: 'var(--sse)',
    asksAgain: false,
    how: 'One answer that never ends, as text/event-stream.',
    claims: {
      delay: NEAR_INSTANT,
      requests: ONE_OPEN,
      bytes: 'the fields id and data, in one chunk',
    },
    start: (url) => `const source = new EventSource('${url}');
source.onmessage = (event) => show(JSON.parse(event.data));`,
  },
  'http-streaming': {
    label: 'HTTP streaming',
    colour: 'var(--http-streaming)',
    asksAgain: false,
    how: 'One answer that never ends, a JSON object a line.',
    claims: {
      delay: NEAR_INSTANT,
      requests: ONE_OPEN,
      bytes: 'one chunk of HTTP a message',
    },
    start: (url) => `const headers = { Accept: 'application/x-ndjson' };
const { body } = await fetch('${url}', { headers });
let rest = '';
for await (const text of body.pipeThrough(new TextDecoderStream())) {
  const lines = (rest + text).split('\\n');
  rest = lines.pop();
  // An empty line is a heartbeat.
  for (const line of lines.filter(Boolean)) show(JSON.parse(line).data);
}`,
  },
  'long-polling': {
    label: 'Long polling',
    colour: 'var(--long-polling)',
    asksAgain: true,
    how: 'Asks, and the hub keeps the request until there is something.',
    claims: {
      delay: NEAR_INSTANT,
      requests: () => 'one a message, or one a wait of 30 s',
      bytes: CLAIMS['poll-heads'],
    },
    start: (url) => `let after = 'now';
for (;;) {
  const answer = await fetch(\`${url}?wait=30&after=\${after}\`);
  const { messages, position } = await answer.json();
  messages.forEach((message) => show(message.data));
  after = position;
}`,
  },
  polling: {
    label: 'Polling',
    colour: 'var(--polling)',
    asksAgain: true,
    how: 'Asks on a timer; the hub answers at once, mostly with nothing.',
    claims: {
      delay: (interval) => `0 to ${seconds(interval)}, ${seconds(interval / 2)} on average`,
      requests: (interval) => `${perSecond(1000 / interval)} whatever happens`,
      bytes: CLAIMS['poll-heads'],
    },
    start: (url) => `let after = 'now';
setInterval(async () => {
  const answer = await fetch(\`${url}?after=\${after}\`);
  const { messages, position } = await answer.json();
  messages.forEach((message) => show(message.data));
  after = position;
}, 5000);`,
  },
};

/** In the order in which the field teaches them. */
export const SIMPLEST_FIRST: readonly TcpTransport[] = TCP_TRANSPORTS.toReversed();

/** What the decision tree picks, by the first question that is answered with yes; `none` where none is. */
export const PICKS = {
  bothSendOften: {
    transport: 'websocket',
    why: 'Both sides send often, so one connection that carries frames both ways costs least a message.',
  },
  serverPushes: {
    transport: 'sse',
    why: 'The server pushes and the client mostly listens: one response that never ends, which browsers reconnect by themselves.',
  },
  changesOften: {
    transport: 'long-polling',
    why: 'The data changes often enough that polling would be late or wasteful, and a parked request is plain HTTP.',
  },
  none: {
    transport: 'polling',
    why: 'The data changes seldom, so a request now and then costs least and works everywhere.',
  },
} as const satisfies Record<string, { readonly transport: TransportName; readonly why: string }>;

export function labelOf(name: TransportName): string {
  return TRANSPORTS[name].label;
}

/** A delay in its unit: `1.4 ms`, `2.03 s`. */
export function delayOf(ms: number | undefined): string {
  if (ms === undefined) return '–';
  if (ms >= 1000) return `${(ms / 1000).toFixed(2)} s`;
  return `${ms < 10 ? ms.toFixed(1) : ms.toFixed(0)} ms`;
}

export function bytesOf(count: number | undefined): string {
  return count === undefined ? '–' : `${Math.max(0, Math.round(count)).toLocaleString('en')} B`;
}

export function seconds(ms: number): string {
  return `${Number((ms / 1000).toFixed(2))} s`;
}

export function perSecond(rate: number): string {
  return `${Number(rate.toFixed(2))} a second`;
}
