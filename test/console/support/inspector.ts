import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import { startServe } from '../../support/cli.ts';
import { makeDirectory } from '../../support/directory.ts';
import { openTab } from './tab.ts';

export const CHANNEL = 'demo:inspector';

export const button = (tab: Page, name: string) => tab.getByRole('button', { name, exact: true });
export const choose = (tab: Page, transport: string) =>
  tab.getByRole('radio', { name: transport, exact: true }).check();
/** A step of the list, by what it says. */
export const step = (tab: Page, says: string | RegExp): Locator =>
  tab.getByRole('option').filter({ hasText: says }).last();
export const card = (tab: Page) => tab.locator('.card');

/** The page in a tab, reading as it does at first: by server-sent events. */
export async function openInspector(
  t: TestContext,
  url: string,
  options: Parameters<typeof openTab>[2] = {},
) {
  const tab = await openTab(t, `${url}/inspector`, options);
  await button(tab, 'Start').click();
  return tab;
}

/** `fanwire serve` with a configuration file. */
export async function serveWith(t: TestContext, config: object) {
  const file = join(await makeDirectory(t), 'config.json');
  writeFileSync(file, JSON.stringify(config));
  return startServe(t, ['--config', file]);
}
