import type { TestContext } from 'node:test';
import type { Client, Status } from '../../../src/client/index.ts';
import { connect } from '../../../src/client/index.ts';
import { causesIn, connectedOver, type Received, receive, untilStatus } from '../../faults/subscriber.ts';
import type { Tab } from '../../support/browsers/tab.ts';
import { onEnd } from '../../support/on-end.ts';
import { received, showPage, subscribe, untilConnected } from '../page.ts';

/** The SDK, wherever it runs. */
export interface Subscriber {
  /** Begins anew, and reads a channel. */
  begin(url: string, channel: string): Promise<void>;
  publish(channel: string, data: string): Promise<void>;
  /** What has come since it began, once it is so much. */
  received(count: number): Promise<readonly unknown[]>;
  /** The first status that is connected over a transport, and names these causes of failure. */
  connectedOver(transport: string, causes: readonly string[]): Promise<Status>;
}

/** As it is but for one thing: what a busy machine was too slow for is tried again soon. */
const OPTIONS = { storage: null, upgradeIntervalMs: 2000 };

export function inNode(t: TestContext): Subscriber {
  let client: Client | undefined;
  let reading: Received;
  onEnd(t, () => client?.close());
  return {
    async begin(url, channel) {
      client?.close();
      client = connect(url, OPTIONS);
      reading = receive(client, channel);
      await reading.ready;
    },
    async publish(channel, data) {
      await client!.publish(channel, data);
    },
    async received(count) {
      await reading.until(count);
      return reading.data;
    },
    connectedOver: (transport, causes) =>
      untilStatus(
        client!,
        (status) =>
          connectedOver(transport)(status) && causes.every((cause) => causesIn(status).includes(cause)),
      ),
  };
}

export function inTab(tab: Tab): Subscriber {
  return {
    async begin(url, channel) {
      await showPage(tab, url);
      await subscribe(tab, channel, OPTIONS);
    },
    async publish(channel, data) {
      await tab.run(
        async (channel, data) => {
          await globalThis.client.publish(channel, data);
        },
        channel,
        data,
      );
    },
    received: (count) => received(tab, count),
    connectedOver: (transport, causes) => untilConnected(tab, transport, causes),
  };
}
