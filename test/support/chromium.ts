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

/** Chromium's own traffic goes over TCP. Tests of WebTransport start it without this argument. */
const WITHOUT_QUIC = '--disable-quic';

/** The variable that has the address of a run's Chromium. */
const ADDRESS = 'TEST_CHROMIUM';

interface ChromiumOptions {
  readonly quic?: boolean;
  /** Its pages can be hidden and frozen. */
  readonly windows?: boolean;
}

/** Starts one for a whole run: to start one takes more of a processor than most tests. Each file's users are its own. */
export async function serveChromium(): Promise<BrowserServer> {
  const server = await chromium.launchServer(await launchOptions());
  process.env[ADDRESS] = server.wsEndpoint();
  return server;
}

/** The run's Chromium, or one of this file's where it runs by itself. */
export async function reachChromium(): Promise<Browser> {
  const address = process.env[ADDRESS];
  return address ? chromium.connect(address) : startChromium();
}

export async function startChromium(options: ChromiumOptions = {}): Promise<Browser> {
  return chromium.launch(await launchOptions(options));
}

async function launchOptions({ quic = false, windows = false }: ChromiumOptions = {}) {
  const { findHeadlessShell, provideChromium } = await import(pathToFileURL('scripts/chromium.mjs').href);
  const executablePath: string = (windows ? undefined : findHeadlessShell()) ?? provideChromium();
  return { executablePath, args: quic ? ARGUMENTS : [...ARGUMENTS, WITHOUT_QUIC] };
}
