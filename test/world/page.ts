import type { Client, ClientOptions, connect, Status } from '../../src/client/index.ts';
import type { Tab } from '../support/browsers/tab.ts';

/** What the scripts of these tests keep in a page. */
declare global {
  /** What has come, in order. */
  var items: unknown[];
  /** Takes what comes. */
  var take: (item: unknown) => void;
  /** Resolves once so many have come. */
  var untilItems: (count: number) => Promise<unknown[]>;
  var sdk: { readonly connect: typeof connect };
  var client: Client;
}

/** Shows the page of a site at an URL, ready to collect what comes. */
export async function showPage(tab: Tab, url: string): Promise<void> {
  await tab.show(`${url}/`);
  await tab.run(() => {
    let changed = () => {};
    globalThis.items = [];
    globalThis.take = (item) => {
      globalThis.items.push(item);
      changed();
    };
    globalThis.untilItems = async (count) => {
      while (globalThis.items.length < count)
        await new Promise<void>((resolve) => {
          changed = resolve;
        });
      return globalThis.items;
    };
  });
}

/** What has come, once it is so much. */
export function received(tab: Tab, count: number): Promise<unknown[]> {
  return tab.run((count) => globalThis.untilItems(count), count);
}

/** Connects the SDK in a page to the site that the page is of, and resolves once it reads the channel. */
export function subscribe(tab: Tab, channel: string, options: ClientOptions = {}): Promise<void> {
  return tab.run(
    async (channel, options) => {
      globalThis.items = [];
      globalThis.client = globalThis.sdk.connect('', { storage: null, ...options });
      await globalThis.client.subscribe(channel, ({ data }) => globalThis.take(data)).ready;
    },
    channel,
    options,
  );
}

/** The first status that is connected over a transport, and names these causes of failure. */
export function untilConnected(tab: Tab, transport: string, causes: readonly string[] = []): Promise<Status> {
  return tab.run(
    (transport, causes) =>
      new Promise<Status>((resolve) => {
        const look = (status: Status) => {
          const named = status.failures.map(({ transport, cause }) => `${transport}: ${cause}`);
          if (status.state !== 'connected' || status.transport !== transport) return;
          if (causes.every((cause) => named.includes(cause))) resolve(status);
        };
        globalThis.client.onStatus(look);
        look(globalThis.client.status);
      }),
    transport,
    causes,
  );
}
