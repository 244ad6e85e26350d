import type { TransportName } from '../../../../client/index.ts';

/** What the field says of a technique, in its own figures. */
export interface Claims {
  readonly delay: (pollIntervalMs: number) => string;
  readonly requests: (pollIntervalMs: number) => string;
  readonly bytes: string;
  /** What it does, in a sentence. */
  readonly how: string;
}

const NEAR_INSTANT = () => 'near-instant';
const ONE = () => 'one that stays open';

export const CLAIMS: Readonly<Record<TransportName, Claims>> = {
  polling: {
    how: 'Asks on a timer; the hub answers at once, mostly with nothing.',
    delay: (interval) => `0 to ${seconds(interval)}, ${seconds(interval / 2)} on average`,
    requests: (interval) => `${perSecond(1000 / interval)} whatever happens`,
    bytes: 'about 800 bytes of headers a request',
  },
  'long-polling': {
    how: 'Asks, and the hub keeps the request until there is something.',
    delay: NEAR_INSTANT,
    requests: () => 'one a message, or one a wait of 30 s',
    bytes: 'about 800 bytes of headers a message',
  },
  'http-streaming': {
    how: 'One answer that never ends, a JSON object a line.',
    delay: NEAR_INSTANT,
    requests: ONE,
    bytes: 'one chunk of HTTP a message',
  },
  sse: {
    how: 'One answer that never ends, as text/event-stream.',
    delay: NEAR_INSTANT,
    requests: ONE,
    bytes: 'the fields id and data, in one chunk',
  },
  websocket: {
    how: 'The connection is upgraded; then both sides send frames.',
    delay: NEAR_INSTANT,
    requests: () => 'one upgrade',
    bytes: '2 to 14 bytes of framing a message',
  },
};

export function seconds(ms: number): string {
  return `${Number((ms / 1000).toFixed(2))} s`;
}

export function perSecond(rate: number): string {
  return `${Number(rate.toFixed(2))} a second`;
}
