import type { TransportName } from '../../../client/index.ts';
import type { RoomProps } from '../shell/rooms.ts';
import type { Sent } from './publisher.ts';

export const CHANNEL = 'demo:playground';

/** How far back a lane remembers arrivals, for the timeline. */
export const SPAN_MS = 10_000;

export interface Arrival {
  /** When it was published and when it came, on this page's own clock. */
  readonly sentAt: number;
  readonly at: number;
}

/** One reader of the channel, over one transport and no other: what came, and what it took. */
export interface Lane {
  readonly transport: TransportName;
  /** Of the last `SPAN_MS`. */
  readonly arrivals: readonly Arrival[];
  readonly received: number;
  readonly requests: number;
  /** When it began to count. */
  readonly since: number;
  /** Forgets the figures, not the connection. */
  reset(): void;
  close(): void;
}

export function openLane(
  transport: TransportName,
  pollIntervalMs: number,
  mark: string | undefined,
  by: string,
  connectBeside: RoomProps['connectBeside'],
): Lane {
  let arrivals: Arrival[] = [];
  let received = 0;
  let requests = 0;
  let since = performance.now();

  const marked = (input: string | URL) => {
    const url = new URL(input);
    if (mark) url.searchParams.set('inspect', mark);
    return url;
  };
  const client = connectBeside({
    transports: [transport],
    pollIntervalMs,
    // What works for a lane says nothing about what works best.
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
  client.subscribe<Sent>(CHANNEL, ({ data }) => {
    // Another tab's clock is not ours.
    if (data?.by !== by) return;
    const at = performance.now();
    received += 1;
    arrivals = [...arrivals.filter((each) => at - each.at < SPAN_MS), { sentAt: data.sentAt, at }];
  });

  return {
    transport,
    get arrivals() {
      return arrivals;
    },
    get received() {
      return received;
    },
    get requests() {
      return requests;
    },
    get since() {
      return since;
    },
    reset() {
      arrivals = [];
      received = 0;
      requests = 0;
      since = performance.now();
    },
    close: () => client.close(),
  };
}
