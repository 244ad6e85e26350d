import type { TestContext } from 'node:test';
import { launch } from '../browser.ts';
import { type Tab, tabOf } from './tab.ts';

export async function openChromium(t: TestContext): Promise<Tab> {
  const browser = await launch(t);
  // As with a certificate that a test has made for itself.
  const page = await browser.newPage({ ignoreHTTPSErrors: true });
  return tabOf({
    show: (url) => page.goto(url),
    evaluate: (expression) => page.evaluate<string>(expression),
    resize: (width, height) => page.setViewportSize({ width, height }),
    picture: async () => (await page.screenshot()).toString('base64'),
  });
}
