import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startServe } from '../support/cli.ts';
import { openScenario, stage } from './support/scenario-tab.ts';
import { keepScreenshots } from './support/screenshots.ts';
import { overflow } from './support/tab.ts';

test('two people side by side: one is without a network for a while, and comes back by itself with what it missed', async (t) => {
  const { url } = await startServe(t);
  const tab = await openScenario(t, url, 'chat');
  await tab.setViewportSize({ width: 1440, height: 900 });
  await tab.getByRole('checkbox', { name: 'A second person beside you' }).press('Space');
  const pane = (person: string) => tab.getByRole('region', { name: `Chat, ${person}`, exact: true });
  const [you, second] = [pane('You'), pane('Second person')];
  const figure = (of: typeof you, name: string) =>
    of.locator('.frame dl div', { hasText: name }).locator('dd');
  await second.locator('.frame[data-state=connected]').waitFor();
  await you.getByText(/Guest \d+, Second person/).waitFor();

  await second.getByRole('button', { name: 'Cut the network for 5 s' }).press('Enter');
  await second.getByText(/No network for [1-5] s/).waitFor();
  await you.getByRole('textbox', { name: 'Message' }).fill('Where are you?');
  await you.getByRole('button', { name: 'Send' }).press('Enter');
  await you.locator('.feed').getByText('Where are you?').waitFor();
  // What was published while it was away, who left and came among it, is counted when it comes. Asked in one turn, as its
  // network may be back by now.
  const isAhead = await second.evaluate(
    (pane) =>
      pane.querySelector<HTMLElement>('.frame')!.dataset.state === 'cut' &&
      pane.querySelector('.feed li') !== null,
  );
  assert.equal(isAhead, false);
  await second.locator('.feed').getByText('Where are you?').waitFor();
  await second.locator('.frame[data-state=connected]').waitFor();
  await figure(second, 'Caught up')
    .getByText(/^[1-9]\d*$/)
    .waitFor();
  await figure(you, 'Bytes')
    .getByText(/^[1-9][\d.,]* k?B$/)
    .waitFor();
  assert.equal(await figure(you, 'Caught up').textContent(), '0');
  assert.equal(await second.locator('.feed li').count(), 1);
  assert.ok((await overflow(tab)) <= 0);
  await keepScreenshots(tab, 'scenarios-panes');
});

test('ticker: an order is filled by the server, at the price that holds there', async (t) => {
  const { url } = await startServe(t);
  const tab = await openScenario(t, url, 'ticker');
  const row = stage(tab).locator('tbody tr').first();
  await row.getByRole('button', { name: 'Buy' }).click();
  const symbol = await row.locator('td').first().textContent();
  await stage(tab)
    .locator('.feed')
    .getByText(new RegExp(`^Bought ${symbol} at \\d+\\.\\d\\d, \\d+ ms after your click$`))
    .waitFor();

  // A second person's choice is not the first one's.
  await tab.getByRole('checkbox', { name: 'A second person beside you' }).press('Space');
  const chosen = stage(tab).getByRole('radio', { name: 'Conflated', checked: true });
  await chosen.nth(1).waitFor();
});
