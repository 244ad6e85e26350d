import type { TestContext } from 'node:test';
import { createHub, type FanwireHub, type HubOptions } from '../../../src/index.ts';
import { onEnd } from '../../support/on-end.ts';

/** Starts a hub with a certificate of its own making. A fault that it reports fails the test. */
export async function startSecureHub(
  t: TestContext,
  options: HubOptions = {},
): Promise<{
  readonly hub: FanwireHub;
  readonly url: string;
  readonly port: number;
  readonly sha256: string;
}> {
  const faults: unknown[] = [];
  const hub = createHub({ onError: (fault) => faults.push(fault), ...options });
  const { url, port, sha256 } = await hub.listen({ port: 0, tls: 'self-signed' });
  onEnd(t, async () => {
    await hub.close({ drainMs: 0 });
    if (faults.length > 0) throw new AggregateError(faults, 'the hub reported faults');
  });
  return { hub, url, port, sha256: sha256! };
}
