import { readdirSync, readFileSync } from 'node:fs';
import type { TestContext } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import { startServe } from '../../support/cli.ts';
import { makeFastDirectory } from '../../support/directory.ts';
import { freePort } from '../../support/free-port.ts';
import { openTab, SERVER_GONE } from './tab.ts';

const FOLDER = 'examples/scenarios';

export const NAMES = readdirSync(FOLDER, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)
  .sort();

export const sourceOf = (name: string, file: string) => readFileSync(`${FOLDER}/${name}/${file}`, 'utf8');

/** What shows that a scenario runs, without anybody doing anything. */
export const SIGNS: Readonly<Record<string, string>> = {
  'ai-answer': 'no model is asked',
  chat: 'Guest',
  editor: 'Nobody else is writing.',
  game: '1 playing: you',
  iot: 'Memory in use',
  notifications: 'unread',
  progress: 'Nothing is running.',
  'qr-login': 'Waiting until',
  scores: '2′',
  ticker: 'messages received for',
};

export const CARRIERS = ['Server-sent events', 'HTTP streaming', 'Long polling', 'Polling', 'WebSocket'];

/** Opens a scenario of the console in a tab; the server may go away under it. */
export async function openScenario(t: TestContext, url: string, name: string): Promise<Page> {
  const tab = await openTab(t, `${url}/scenarios/${name}`, {
    expected: SERVER_GONE,
  });
  await untilCarried(tab);
  return tab;
}

/** The scenario's own part of the page. */
export const stage = (tab: Page): Locator => tab.locator('.scenario');

/** Has the scenario carried by another transport, and resolves once that works. */
export async function carryBy(tab: Page, name: string): Promise<void> {
  await tab.locator('.carrier').getByRole('radio', { name, exact: true }).check();
  await untilCarried(tab);
}

export function untilCarried(tab: Page): Promise<void> {
  return tab.locator('.carrier').getByText('Connected.').waitFor();
}

/** A hub over a durable log that can be ended, as by a power cut, and started again. */
export async function startRestartable(t: TestContext) {
  const port = String(await freePort());
  const args = ['--port', port, '--log', `lmdb:${await makeFastDirectory(t)}`];
  const first = await startServe(t, args);
  return {
    url: first.url,
    async restart() {
      first.process.kill('SIGKILL');
      await first.ended;
      await startServe(t, args);
    },
  };
}

/** Two tabs of one scenario. */
export async function openTwo(t: TestContext, name: string): Promise<[Page, Page, string]> {
  const { url } = await startServe(t);
  const one = await openScenario(t, url, name);
  return [one, await openScenario(t, url, name), url];
}
