import type { Client, ClientOptions, connect, Gap, Status } from '../../../src/client/index.ts';

/* What a test has in its page: one client, and what came of it. */

let client: Client;
const received = new Map<string, unknown[]>();
const gaps: Gap[] = [];
/** Who waits is asked again at everything that happens. */
const waiting = new Set<() => void>();

function happened(): void {
  for (const look of [...waiting]) look();
}

function until<T>(look: () => T | undefined): Promise<T> {
  return new Promise((resolve) => {
    const again = () => {
      const found = look();
      if (found === undefined) return;
      waiting.delete(again);
      resolve(found);
    };
    waiting.add(again);
    again();
  });
}

export function open(url: string, options: ClientOptions = {}): void {
  // As it is built, for browsers.
  client = (globalThis as never as { sdk: { connect: typeof connect } }).sdk.connect(url, options);
  client.onStatus(happened);
}

export function subscribe(channel: string, after?: string, presence?: unknown): Promise<void> {
  const data: unknown[] = [];
  received.set(channel, data);
  const subscription = client.subscribe(channel, {
    ...(after !== undefined && { after }),
    presence,
    onMessage(message) {
      data.push(message.data);
      happened();
    },
    onGap: (gap) => gaps.push(gap),
    onError: (error) => {
      data.push((error as { code?: string }).code);
      happened();
    },
  });
  return subscription.ready;
}

/** Resolves with the status once the client is connected over a transport, by a link other than the one that began then. */
export function untilOver(transport: string, otherThan?: number): Promise<Status & { since: number }> {
  return until(() => {
    const { status } = client;
    const isOther =
      status.state === 'connected' && status.transport === transport && status.since !== otherThan;
    return isOther ? (status as Status & { since: number }) : undefined;
  });
}

/** Resolves with the status once it is of this kind. */
export function untilState(state: Status['state']): Promise<Status> {
  return until(() => (client.status.state === state ? client.status : undefined));
}

/** Resolves with the status once this transport has failed, over another. */
export function untilFailed(transport: string): Promise<Status> {
  return until(() => {
    const { status } = client;
    const isSettled = status.state === 'connected' && status.trying.length === 0;
    return isSettled && status.failures.some((each) => each.transport === transport) ? status : undefined;
  });
}

/** Resolves with what came of a channel once it is so many. */
export function untilCount(channel: string, count: number): Promise<unknown[]> {
  return until(() => {
    const data = received.get(channel)!;
    return data.length >= count ? data : undefined;
  });
}

export const publish = (channel: string, data: unknown) => client.publish(channel, data);
export const told = () => gaps;
export const close = () => client.close();
