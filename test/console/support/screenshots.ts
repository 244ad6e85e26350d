import { mkdirSync, writeFileSync } from 'node:fs';
import type { Page } from 'playwright-core';

const FOLDER = '.build/screenshots';
const SIZES = { desktop: { width: 1280, height: 900 }, phone: { width: 390, height: 844 } };

/** Whether `npm run pictures` asks for them: they take longer than the checks. */
export const KEEPS_PICTURES = process.env.PICTURES === 'yes';

/** Keeps a picture of a page in one variant, if they were asked for. */
export async function keepPicture(path: string, variant: string, take: () => Promise<Buffer>): Promise<void> {
  if (!KEEPS_PICTURES) return;
  mkdirSync(FOLDER, { recursive: true });
  // A client has another name each time.
  const page = path.replace(/(?<=clients\/).+/, 'one');
  const name = [page.slice(1) || 'overview', variant]
    .join('-')
    .replaceAll(/[^\w-]+/g, '-')
    .replace(/-$/, '');
  writeFileSync(`${FOLDER}/${name}.png`, await take());
}

/** Keeps pictures of the page as it stands, if they were asked for: on a desktop and a phone, light and dark. */
export async function keepScreenshots(page: Page, name: string): Promise<void> {
  if (!KEEPS_PICTURES) return;
  mkdirSync(FOLDER, { recursive: true });
  const before = page.viewportSize()!;
  for (const [device, size] of Object.entries(SIZES)) {
    await page.setViewportSize(size);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await page.screenshot({ path: `${FOLDER}/${name}-${device}-${colorScheme}.png`, fullPage: true });
    }
  }
  await page.emulateMedia({ colorScheme: null });
  await page.setViewportSize(before);
}
