import type { TransportName } from '../../../client/index.ts';
import { MARK_PARAMETER } from '../../inspector/wire-record.ts';
import type { PageProps } from '../shell/pages.ts';
import type { Sent } from './publisher.ts';
import type { WireMeter } from './wire-meter.ts';

export const CHANNEL = 'console:demo:playground';

/** A lane keeps the arrivals of so long, for the timeline. */
export const SPAN_MS = 10_000;

/** The delay is the mean of so many messages. */
const AVERAGED = 50;

export interface Arrival {
  /** When the message was published and when it came, by this page's clock. */
  readonly sentAt: number;
  readonly at: number;
}

/** One reader of the channel over one transport, and what it measures. */
export interface Lane {
  readonly transport: TransportName;
  /** Whether the hub has accepted the subscription. Messages that are published before do not come. */
  readonly ready: boolean;
  /** Of the last `SPAN_MS`. */
  readonly arrivals: readonly Arrival[];
  readonly received: number;
  /** From publish to handler: the mean of the last messages; undefined before the first. */
  readonly delayMs: number | undefined;
  readonly requests: number;
  /** The bytes that crossed the wire for the lane, both ways, with heads and framing; undefined while nobody counts. */
  readonly bytes: number | undefined;
  /** When the lane began to count. */
  readonly since: number;
  close(): void;
}

export function openLane(
  transport: TransportName,
  pollIntervalMs: number,
  by: string,
  meter: WireMeter | undefined,
  connectBeside: PageProps['connectBeside'],
): Lane {
  let arrivals: Arrival[] = [];
  let delaysMs: number[] = [];
  let received = 0;
  let requests = 0;
  let ready = false;
  const since = performance.now();

  const marked = (input: string | URL) => {
    const url = new URL(input);
    if (meter) url.searchParams.set(MARK_PARAMETER, meter.mark);
    return url;
  };
  const client = connectBeside({
    transports: [transport],
    pollIntervalMs,
    // Remembers nothing, because a lane's transport says nothing about the best one.
    storage: null,
    fetch(input, init) {
      requests += 1;
      return fetch(marked(input as string), init);
    },
    WebSocket: class extends WebSocket {
      constructor(url: string) {
        requests += 1;
        super(marked(url));
      }
    },
  });
  const subscription = client.subscribe<Sent>(CHANNEL, ({ data }) => {
    // Messages of other tabs are left out, because another tab's clock is not ours.
    if (data?.by !== by) return;
    const at = performance.now();
    received += 1;
    delaysMs = [...delaysMs, at - data.sentAt].slice(-AVERAGED);
    arrivals = [...arrivals.filter((each) => at - each.at < SPAN_MS), { sentAt: data.sentAt, at }];
  });

  subscription.ready.then(
    () => {
      ready = true;
    },
    // On a refusal the console asks for a token.
    () => {},
  );

  return {
    transport,
    get ready() {
      return ready;
    },
    get arrivals() {
      return arrivals;
    },
    get received() {
      return received;
    },
    get delayMs() {
      return delaysMs.length > 0 ? delaysMs.reduce((sum, each) => sum + each) / delaysMs.length : undefined;
    },
    get requests() {
      return requests;
    },
    get bytes() {
      return meter?.bytes();
    },
    since,
    close() {
      client.close();
      meter?.close();
    },
  };
}
