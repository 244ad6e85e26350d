import { after, type TestContext } from 'node:test';
import { build } from 'esbuild';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { reachChromium, startChromium } from './chromium.ts';
import { onEnd } from './on-end.ts';

/** One for all tests of a file. */
let shared: Promise<Browser> | undefined;
after(async () => (await shared)?.close());

/** Opens what one user has of a headless Chromium: six connections to an origin, storage, workers, none of them another's. */
export async function openContext(
  t: TestContext,
  options: BrowserContextOptions = {},
): Promise<BrowserContext> {
  const context = await (await (shared ??= reachChromium())).newContext(options);
  onEnd(t, () => context.close());
  return context;
}

/** Opens a page whose origin is that of a hub's `url`, for a user of its own. */
export async function openPage(t: TestContext, url: string): Promise<Page> {
  const [page] = await openPages(t, url, 1);
  return page!;
}

/** Opens tabs of one user. */
export async function openPages(
  t: TestContext,
  url: string,
  count: number,
  options: BrowserContextOptions = {},
): Promise<Page[]> {
  const context = await openContext(t, options);
  const pages: Page[] = [];
  for (let index = 0; index < count; index++) {
    const page = await context.newPage();
    // An answer of the hub's own: Chromium keeps pages that Playwright makes up from loopback.
    await page.goto(`${url}/healthz`);
    pages.push(page);
  }
  return pages;
}

/** A Chromium of the test's own. */
export async function launch(
  t: TestContext,
  options?: Parameters<typeof startChromium>[0],
): Promise<Browser> {
  const browser = await startChromium(options);
  onEnd(t, () => browser.close());
  return browser;
}

/** A tab that can be hidden and frozen: those that Playwright drives itself always pass for seen. */
export interface BareTab {
  /** The value of an expression, or what its promise resolves with. */
  evaluate<T>(expression: string): Promise<T>;
  freeze(): Promise<void>;
  thaw(): Promise<void>;
}

/** Opens tabs one before the other: only the last can be seen. */
export async function openBareTabs(t: TestContext, url: string, count: number): Promise<BareTab[]> {
  const session = await (await launch(t, { windows: true })).newBrowserCDPSession();
  const answers = new Map<number, (answer: { result?: unknown; error?: unknown }) => void>();
  let loaded = () => {};
  session.on('Target.receivedMessageFromTarget', ({ message }) => {
    const { id, method, ...answer } = JSON.parse(message);
    answers.get(id)?.(answer);
    if (method === 'Page.loadEventFired') loaded();
  });
  let id = 0;
  const open = async (): Promise<BareTab> => {
    const { targetId } = await session.send('Target.createTarget', { url: 'about:blank' });
    const { sessionId } = await session.send('Target.attachToTarget', { targetId, flatten: false });
    const send = async (method: string, params: object) => {
      const message = JSON.stringify({ id: ++id, method, params });
      const answered = new Promise<{ result?: unknown; error?: unknown }>((resolve) => {
        answers.set(id, resolve);
      });
      await session.send('Target.sendMessageToTarget', { sessionId, message });
      const { result, error } = await answered;
      if (error) throw new Error(`${method}: ${JSON.stringify(error)}`);
      return result;
    };
    await send('Page.enable', {});
    const load = new Promise<void>((resolve) => {
      loaded = resolve;
    });
    await send('Page.navigate', { url: `${url}/healthz` });
    await load;
    const setState = async (state: string) => {
      await send('Page.setWebLifecycleState', { state });
    };
    return {
      async evaluate<T>(expression: string) {
        const params = { expression, awaitPromise: true, returnByValue: true };
        const answer = (await send('Runtime.evaluate', params)) as {
          result: { value: T };
          exceptionDetails?: unknown;
        };
        if (answer.exceptionDetails) throw new Error(JSON.stringify(answer.exceptionDetails));
        return answer.result.value;
      },
      freeze: () => setState('frozen'),
      thaw: () => setState('active'),
    };
  };
  const tabs: BareTab[] = [];
  for (let index = 0; index < count; index++) tabs.push(await open());
  return tabs;
}

/** Gives a page a module, bundled for browsers with what it imports, as a global variable. */
export async function loadModule(
  page: { evaluate(expression: string): Promise<unknown> },
  name: string,
  path: string,
): Promise<void> {
  const { outputFiles } = await build({
    entryPoints: [path],
    bundle: true,
    format: 'esm',
    platform: 'browser',
    jsx: 'automatic',
    // Without the repository's own, whose JSX is Preact's.
    tsconfigRaw: {},
    write: false,
  });
  const source = JSON.stringify(outputFiles[0]!.text);
  await page.evaluate(`
    import(URL.createObjectURL(new Blob([${source}], { type: 'text/javascript' }))).then((module) => {
      globalThis[${JSON.stringify(name)}] = module;
    })`);
}
