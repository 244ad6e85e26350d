import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { carryBy, openTwo, stage } from './support/scenario-tab.ts';
import { keepScreenshots } from './support/screenshots.ts';

test('notifications: the server speaks first, to all tabs, and what one has read all have read', async (t) => {
  const [one, other] = await openTwo(t, 'notifications');
  const items = (tab: Page) => stage(tab).locator('.feed li');
  await carryBy(other, 'Long polling');
  await one.getByLabel('Remind every tab').fill('Look up');
  await one.getByRole('button', { name: 'Remind' }).click();
  for (const tab of [one, other]) await items(tab).getByText('Look up').waitFor();
  await stage(other).getByText('A tab opened this page.').first().waitFor();
  await keepScreenshots(one, 'scenarios-notifications');
  await one.getByRole('button', { name: 'Mark all as read' }).click();
  for (const tab of [one, other])
    await stage(tab)
      .getByText(/^0 unread$/)
      .waitFor();
});
