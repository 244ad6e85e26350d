import type { TestContext } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import type { ClientOptions } from '../../../src/client/index.ts';
import { createHub, type FanwireHub, type HubOptions } from '../../../src/index.ts';
import type { KeyPair } from '../../../src/server/tls/key-pair.ts';
import { selfSigned } from '../../../src/server/tls/self-signed.ts';
import { launch, loadModule } from '../../support/browser.ts';
import { onEnd } from '../../support/on-end.ts';

/** What the page has as `fanwire`. */
export type PageClient = typeof import('./page-client.ts');

/** Better transports are tried at once, and again soon. */
export const EAGER: ClientOptions = {
  transports: ['webtransport', 'websocket'],
  stableAfterMs: 50,
  upgradeIntervalMs: 200,
  backoffMs: { first: 50, most: 200 },
};

export interface SecureHub {
  readonly hub: FanwireHub;
  readonly url: string;
  readonly port: number;
}

/** A certificate that a hub may have again after a restart. */
export function keyPair(): KeyPair {
  return selfSigned().pair;
}

/** Over TLS and WebTransport, on one port of both. Closed at the test's end, if it is open still. */
export async function startSecureHub(
  t: TestContext,
  options: HubOptions = {},
  { port = 0, tls = keyPair(), url }: { port?: number; tls?: KeyPair; url?: string } = {},
): Promise<SecureHub> {
  const hub = createHub(options);
  const listening = await hub.listen({ port, tls, webtransport: url === undefined ? true : { url } });
  onEnd(t, () => hub.close({ drainMs: 0 }));
  return { hub, url: listening.url, port: listening.port };
}

/** Resolves once a hub has one connection and no other: a WebSocket before it may still be closing. */
export async function untilAlone(hub: FanwireHub): Promise<void> {
  while (hub.connections().length > 1) await pause(10);
}

/** A page of the hub's own origin in a Chromium that may use QUIC, with the client in it. */
export async function openClientPage(t: TestContext, url: string): Promise<Page> {
  const browser = await launch(t, { quic: true });
  const page = await browser.newPage({ ignoreHTTPSErrors: true });
  await reopen(page, url);
  return page;
}

/** Leaves the page for another of the same origin, with the client in it as well. */
export async function reopen(page: Page, url: string): Promise<void> {
  await page.goto(`${url}/healthz`);
  await loadModule(page, 'sdk', 'dist/client/index.js');
  await loadModule(page, 'fanwire', 'test/webtransport/support/page-client.ts');
}

/** Calls a function of the page's client. */
export function inPage<Name extends keyof PageClient>(
  page: Page,
  name: Name,
  ...given: Parameters<PageClient[Name]>
): Promise<Awaited<ReturnType<PageClient[Name]>>> {
  return page.evaluate(
    ([name, given]) =>
      (globalThis as never as { fanwire: Record<string, (...all: unknown[]) => never> }).fanwire[name]!(
        ...given,
      ),
    [name as string, given as unknown[]] as const,
  );
}
