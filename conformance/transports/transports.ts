import { openHttpStreaming } from '../../test/support/readers/http-streaming.ts';
import { openLongPolling, openPolling } from '../../test/support/readers/polling.ts';
import type { OpenReader } from '../../test/support/readers/reader.ts';
import { openSse } from '../../test/support/readers/sse.ts';
import { openWebSocket } from '../../test/support/readers/websocket.ts';

/** A transport as the suite sees it: how to read from it, and what it can do. */
export interface Transport {
  readonly name: string;
  readonly open: OpenReader;
  /** Whether a stream of one channel tells each message's time as well. */
  readonly tellsTime: boolean;
}

/** Each, as it is over HTTP/1.1. A new transport is one row more. */
export const TRANSPORTS: readonly Transport[] = [
  { name: 'polling', open: openPolling, tellsTime: true },
  { name: 'long polling', open: openLongPolling, tellsTime: true },
  { name: 'SSE', open: openSse, tellsTime: false },
  { name: 'HTTP streaming', open: openHttpStreaming, tellsTime: true },
  { name: 'WebSocket', open: openWebSocket, tellsTime: true },
];

/** Every file of the suite runs over every row of these: the same over HTTP/2 as well. */
export const ALL_TRANSPORTS: readonly Transport[] = [
  ...TRANSPORTS,
  ...TRANSPORTS.map(
    ({ name, open, tellsTime }): Transport => ({
      name: `${name} over HTTP/2`,
      open: (base, options) => open(base, { ...options, http2: true }),
      tellsTime,
    }),
  ),
];
