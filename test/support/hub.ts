import type { TestContext } from 'node:test';
import { createHub, type FanwireHub, type HubOptions } from '../../src/index.ts';
import { onEnd } from './on-end.ts';

export interface TestHub {
  readonly hub: FanwireHub;
  /** Without a slash at the end. */
  readonly url: string;
  readonly port: number;
}

/** Starts a real hub on loopback for as long as the test lasts. A fault that it reports fails the test. */
export async function startHub(t: TestContext, options: HubOptions = {}, port = 0): Promise<TestHub> {
  const faults: unknown[] = [];
  const hub = createHub({ onError: (fault) => faults.push(fault), ...options });
  const address = await hub.listen({ port });
  onEnd(t, async () => {
    await hub.close({ drainMs: 0 });
    if (faults.length > 0) throw new AggregateError(faults, 'the hub reported faults');
  });
  return { hub, url: `http://127.0.0.1:${address.port}`, port: address.port };
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
