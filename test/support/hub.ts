import type { TestContext } from 'node:test';
import { createHub, type Endpoint, type FanwireHub, type HubOptions } from '../../src/index.ts';
import { type FetchServer, serveByFetch } from './fetch-server.ts';
import { onEnd } from './on-end.ts';

export interface TestHub {
  readonly hub: FanwireHub;
  /** Without a slash at the end. */
  readonly url: string;
  readonly port: number;
}

/** What every hub that a test starts serves beside its own URLs. */
const endpoints: Endpoint[] = [];

/** Has the hubs that tests of this process start serve an endpoint, for a suite that runs over it. */
export function serveEverywhere(endpoint: Endpoint): void {
  endpoints.push(endpoint);
}

/** By their URLs, while they run. */
const hubs = new Map<string, FanwireHub>();

/** Starts a real hub on loopback for as long as the test lasts. A fault that it reports fails the test. */
export async function startHub(t: TestContext, options: HubOptions = {}, port = 0): Promise<TestHub> {
  const faults: unknown[] = [];
  const hub = createHub({ onError: (fault) => faults.push(fault), endpoints, ...options });
  const address = await hub.listen({ port });
  const url = `http://127.0.0.1:${address.port}`;
  hubs.set(url, hub);
  onEnd(t, async () => {
    hubs.delete(url);
    webTransportPorts.delete(url);
    await hub.close({ drainMs: 0 });
    await (await fetchServers.get(url))?.close();
    fetchServers.delete(url);
    if (faults.length > 0) throw new AggregateError(faults, 'the hub reported faults');
  });
  return { hub, url, port: address.port };
}

/** The ports of UDP at which hubs of this process serve WebTransport. */
const webTransportPorts = new Map<string, Promise<number>>();

/** Where a hub that `startHub` has started serves WebTransport, which it does once somebody asks. */
export function webTransportPortOf(url: string): Promise<number> {
  const hub = hubAt(url);
  let port = webTransportPorts.get(url);
  if (!port) {
    port = hub.webtransport({ port: 0, tls: 'self-signed' }).then((server) => server.port);
    webTransportPorts.set(url, port);
  }
  return port;
}

/** The servers that speak `Request` and `Response` for hubs of this process. */
const fetchServers = new Map<string, Promise<FetchServer>>();

/** Where a hub that `startHub` has started is served by `hub.fetch`, which it is once somebody asks. */
export async function fetchUrlOf(url: string): Promise<string> {
  let server = fetchServers.get(url);
  if (!server) fetchServers.set(url, (server = serveByFetch(hubAt(url))));
  return (await server).url;
}

function hubAt(url: string): FanwireHub {
  const hub = hubs.get(url);
  if (!hub) throw new Error(`no hub of this process is at ${url}`);
  return hub;
}

/** Publishes values one after another; resolves with their ids. */
export async function publishAll(
  hub: FanwireHub,
  channel: string,
  values: readonly unknown[],
): Promise<string[]> {
  const ids: string[] = [];
  for (const value of values) ids.push((await hub.publish(channel, value)).id);
  return ids;
}
