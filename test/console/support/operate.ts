import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import { type Client, connect } from '../../../src/client/index.ts';
import { send } from '../../support/http.ts';

/** The rows of the clients' table that have a text. */
export function clientRows(tab: Page, text: string): Locator {
  return tab.locator('.clients tbody tr').filter({ hasText: text });
}

/** The rows of the channels' table that have a text. */
export function channelRows(tab: Page, text: string): Locator {
  return tab.locator('.channels tbody tr').filter({ hasText: text });
}

/** A plot that has something to show. */
export function plot(tab: Page, title: string): Locator {
  return tab.getByRole('img', { name: new RegExp(`^${title} over the last two minutes: [\\d.]+`) });
}

/** Answers yes to the question that stands open. */
export async function confirm(tab: Page, action: string): Promise<void> {
  await tab.getByRole('dialog').getByRole('button', { name: action, exact: true }).click();
}

/** On a connection of its own, so that workers take turns. */
export async function publish(url: string, channel: string, data: unknown): Promise<void> {
  const { status } = await send(`${url}/channels/${channel}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', connection: 'close' },
    body: JSON.stringify(data),
  });
  assert.equal(status, 201);
}

/** A client of the SDK that keeps what it is given. */
export async function follow(
  t: TestContext,
  url: string,
  channel: string,
): Promise<{ client: Client; got: unknown[] }> {
  const client = connect(url);
  t.after(() => client.close());
  const got: unknown[] = [];
  await client.subscribe(channel, ({ data }) => void got.push(data)).ready;
  return { client, got };
}

/** Looks again and again until it holds; the test's own time limit ends it. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 50));
}
