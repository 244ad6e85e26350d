import { pathToFileURL } from 'node:url';
import { type Browser, type BrowserServer, chromium } from 'playwright-core';

const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Chromium's own traffic goes over TCP. Who tests WebTransport leaves it out. */
const WITHOUT_QUIC = '--disable-quic';

/** The variable that has the address of a run's Chromium. */
const ADDRESS = 'FANWIRE_TEST_CHROMIUM';

/** Starts one for a whole run: to start one takes more of a processor than most tests. Each file's users are its own. */
export async function serveChromium(): Promise<BrowserServer> {
  const server = await chromium.launchServer(await options(WITHOUT_QUIC));
  process.env[ADDRESS] = server.wsEndpoint();
  return server;
}

/** The run's Chromium, or one of this file's where it runs by itself. */
export async function reachChromium(): Promise<Browser> {
  const address = process.env[ADDRESS];
  return address ? chromium.connect(address) : startChromium();
}

export async function startChromium({ quic = false } = {}): Promise<Browser> {
  return chromium.launch(await (quic ? options() : options(WITHOUT_QUIC)));
}

async function options(...args: string[]): Promise<{ executablePath: string; args: string[] }> {
  const { provideChromium } = await import(pathToFileURL('scripts/chromium.mjs').href);
  return { executablePath: provideChromium(), args: [...ARGUMENTS, ...args] };
}
