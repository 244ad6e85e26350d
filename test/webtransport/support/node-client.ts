import type { TestContext } from 'node:test';
import { WebTransport } from '@fanwire/webtransport/client';
import { type ClientOptions, connect, type Status } from '../../../src/client/index.ts';
import { createHub, type HubOptions } from '../../../src/index.ts';
import { freePort } from '../../support/free-port.ts';
import { onEnd } from '../../support/on-end.ts';

const EAGER: ClientOptions = { stableAfterMs: 20, upgradeIntervalMs: 100 };

/** As in a browser. */
export function withWebTransport(t: TestContext): void {
  Object.assign(globalThis, { WebTransport });
  onEnd(t, () => Reflect.deleteProperty(globalThis, 'WebTransport'));
}

/** A hub over plain TCP that offers WebTransport at a port of its own, or at the one that `offered` has for it. */
export async function startHub(
  t: TestContext,
  options: HubOptions = {},
  offered: (port: number) => Promise<number> | number = (port) => port,
) {
  const hub = createHub(options);
  const { url } = await hub.listen({ port: 0 });
  onEnd(t, () => hub.close({ drainMs: 0 }));
  const port = await freePort();
  await hub.webtransport({
    port,
    tls: 'self-signed',
    url: `https://127.0.0.1:${await offered(port)}/connect`,
  });
  return { hub, url };
}

export function open(t: TestContext, url: string, options: ClientOptions = {}) {
  const client = connect(url, { transports: ['webtransport', 'websocket'], ...EAGER, ...options });
  onEnd(t, () => client.close());
  const until = (holds: (status: Status) => boolean) =>
    new Promise<Status>((resolve) => {
      const look = (status: Status) => {
        if (!holds(status)) return;
        stop();
        resolve(status);
      };
      const stop = client.onStatus(look);
      look(client.status);
    });
  return { client, until };
}

export const isOver = (transport: string) => (status: Status) =>
  status.state === 'connected' && status.transport === transport;
