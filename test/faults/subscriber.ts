import type { TestContext } from 'node:test';
import {
  type Client,
  type ClientOptions,
  connect,
  type Status,
  type SubscribeOptions,
  type TransportName,
} from '../../src/client/index.ts';
import type { Gap } from '../../src/protocol/gap.ts';
import { onEnd } from '../support/on-end.ts';

/** Short enough for tests, long enough for a busy machine: tests wait for what happens, not for these. */
const QUICK: ClientOptions = {
  proofTimeoutMs: 400,
  upgradeIntervalMs: 150,
  stableAfterMs: 500,
  backoffMs: { first: 10, most: 80 },
  pollIntervalMs: 20,
  storage: null,
};

const EACH: readonly TransportName[] = ['websocket', 'sse', 'http-streaming', 'long-polling', 'polling'];

/** Every transport with nothing to fall back on, and a client that may choose. */
export const CHOICES = [
  ...EACH.map((name) => ({ name, transports: [name] })),
  { name: 'any transport', transports: EACH },
];

export function startClient(t: TestContext, url: string, options: ClientOptions = {}): Client {
  const client = connect(url, { ...QUICK, ...options });
  onEnd(t, () => client.close());
  return client;
}

/** What a subscription has been given, in order, and a way to wait for more of it. */
export interface Received {
  readonly data: readonly unknown[];
  readonly gaps: readonly Gap[];
  readonly ready: Promise<unknown>;
  readonly position: string | undefined;
  until(count: number): Promise<void>;
  untilGap(): Promise<Gap>;
}

export function receive(
  client: Client,
  channel: string,
  options: Pick<SubscribeOptions, 'after' | 'own' | 'schema'> = {},
): Received {
  const data: unknown[] = [];
  const gaps: Gap[] = [];
  let changed = () => {};
  const subscription = client.subscribe(channel, {
    ...options,
    onMessage: (message) => {
      data.push(message.data);
      changed();
    },
    onGap: (gap) => {
      gaps.push(gap);
      changed();
    },
  });
  async function until(enough: () => boolean): Promise<void> {
    while (!enough()) {
      await new Promise<void>((resolve) => {
        changed = resolve;
      });
    }
  }
  return {
    data,
    gaps,
    ready: subscription.ready,
    get position() {
      return subscription.position;
    },
    until: (count) => until(() => data.length >= count),
    async untilGap() {
      await until(() => gaps.length > 0);
      return gaps[0]!;
    },
  };
}

/** Resolves with the first status, the present one included, that meets a condition. */
export function untilStatus(client: Client, meets: (status: Status) => boolean): Promise<Status> {
  return new Promise((resolve) => {
    const off = client.onStatus(look);
    function look(status: Status): void {
      if (!meets(status)) return;
      off();
      resolve(status);
    }
    look(client.status);
  });
}

/** Whether a status is connected over one of these transports, or over any. */
export function connectedOver(...transports: readonly string[]): (status: Status) => boolean {
  return (status) =>
    status.state === 'connected' && (transports.length === 0 || transports.includes(status.transport));
}

/** The causes of failure that a status names, as `transport: cause`. */
export function causesIn(status: Status): string[] {
  return status.failures.map(({ transport, cause }) => `${transport}: ${cause}`);
}
