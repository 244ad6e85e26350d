import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import { createHub, DEFAULT_LIMITS } from '../../../src/index.ts';
import { cleartextServer } from '../../../src/server/http2/cleartext-server.ts';
import { onEnd } from '../../support/on-end.ts';

/** A server of the hub's kind that closes idle connections sooner than anybody would wait for in a test. */
export async function startIdlingServer(t: TestContext, stallMs = 300): Promise<{ readonly port: number }> {
  const own = cleartextServer({
    listener: (_, response) => response.end('x'.repeat(100_000)),
    limits: DEFAULT_LIMITS,
    keepAliveMs: 100,
    stallMs,
    admit: () => true,
  });
  await once(own.server.listen(0, '127.0.0.1'), 'listening');
  const hub = createHub();
  hub.attach(own.server);
  onEnd(t, async () => {
    await hub.close({ drainMs: 0 });
    own.end();
    own.server.close();
  });
  return { port: (own.server.address() as AddressInfo).port };
}
