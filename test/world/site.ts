import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import { createHub, type FanwireHub, type HubOptions } from '../../src/index.ts';
import { onEnd } from '../support/on-end.ts';

const PAGE = `<!doctype html>
<title>A page</title>
<script type="module">
  import * as sdk from '/sdk.js';
  globalThis.sdk = sdk;
</script>`;

/** What the SDK loads once it goes over to WebTransport. */
const LOADED_LATER = '/transports/webtransport-link.js';

export interface Site {
  readonly hub: FanwireHub;
  readonly port: number;
}

/** Starts a server with a page, the SDK as it is shipped to browsers, and a hub. A fault that it reports fails the test. */
export async function startSite(t: TestContext, options: HubOptions = {}): Promise<Site> {
  const sdk = readFileSync('dist/client/browser.js');
  const faults: unknown[] = [];
  const hub = createHub({ onError: (fault) => faults.push(fault), ...options });
  const server = createServer((request, response) => {
    const answer = (type: string, body: string | Buffer) =>
      response.writeHead(200, { 'Content-Type': type }).end(body);
    if (request.url === '/sdk.js') answer('text/javascript', sdk);
    else if (request.url === LOADED_LATER)
      answer('text/javascript', readFileSync(`dist/client${LOADED_LATER}`));
    // What the site is called by those who ask.
    else if (request.url === '/host') answer('text/plain', request.headers.host!);
    else answer('text/html', PAGE);
  });
  hub.attach(server);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onEnd(t, async () => {
    await hub.close({ drainMs: 0 });
    server.close();
    server.closeAllConnections();
    if (faults.length > 0) throw new AggregateError(faults, 'the hub reported faults');
  });
  return { hub, port: (server.address() as AddressInfo).port };
}
