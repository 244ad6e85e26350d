import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { CARRIERS, carryBy, openScenario, openTwo, stage, startRestartable } from './support/scenario-tab.ts';
import { keepScreenshots } from './support/screenshots.ts';

test('chat: tabs see who is here and who is typing, and the same messages in one order, over every transport', async (t) => {
  const [one, other] = await openTwo(t, 'chat');
  const say = async (tab: Page, text: string) => {
    await stage(tab).getByLabel('Message', { exact: true }).fill(text);
    await tab.getByRole('button', { name: 'Send' }).click();
  };
  await stage(one).getByLabel('Name').fill('Ada');
  await stage(one).getByLabel('Name').press('Tab');
  await stage(other)
    .locator('.here', { hasText: /^Ada, Guest \d+$/ })
    .waitFor();

  await stage(one).getByLabel('Message', { exact: true }).pressSequentially('well');
  await stage(other).getByText('Ada typing …').waitFor();
  await say(one, '<b>not markup</b>');

  const said = ['<b>not markup</b>'];
  for (const name of CARRIERS) {
    await carryBy(one, name);
    await say(other, `to ${name}`);
    await say(one, `from ${name}`);
    said.push(`to ${name}`, `from ${name}`);
    for (const tab of [one, other]) await stage(tab).getByText(`from ${name}`).waitFor();
  }
  const texts = (tab: Page) => stage(tab).locator('.feed span').allTextContents();
  await stage(one).getByText('to WebSocket').waitFor();
  await stage(other).getByText('to WebSocket').waitFor();
  const [mine, theirs] = [await texts(one), await texts(other)];
  assert.deepEqual(mine, theirs);
  assert.deepEqual([...mine].sort(), said.sort());
  await keepScreenshots(one, 'scenarios-chat');

  await other.close({ runBeforeUnload: true });
  await stage(one).locator('.here', { hasText: /^Ada$/ }).waitFor();
});

test('chat: what was said before the hub was killed is there after it, once, and so is who is here', async (t) => {
  const { url, restart } = await startRestartable(t);
  const tab = await openScenario(t, url, 'chat');
  const say = async (text: string) => {
    await stage(tab).getByLabel('Message', { exact: true }).fill(text);
    await tab.getByRole('button', { name: 'Send' }).click();
    await stage(tab).locator('.feed').getByText(text).waitFor();
  };
  await say('before');
  await restart();
  await say('after');
  assert.deepEqual(await stage(tab).locator('.feed span').allTextContents(), ['before', 'after']);
  const later = await openScenario(t, url, 'chat');
  await stage(later)
    .locator('.here', { hasText: /^Guest \d+, Guest \d+$/ })
    .waitFor();

  await tab.getByRole('button', { name: 'Clear for all' }).click();
  await stage(later).locator('.feed:empty').waitFor({ state: 'attached' });
  await say('anew');
  await later.reload();
  await stage(later).locator('.feed').getByText('anew').waitFor();
  assert.deepEqual(await stage(later).locator('.feed span').allTextContents(), ['anew']);

  // One guest has one name wherever it goes.
  const name = await stage(tab).getByLabel('Name').inputValue();
  await tab.goto(`${url}/scenarios/editor`);
  await stage(tab).getByRole('textbox').waitFor();
  await tab.goto(`${url}/scenarios/chat`);
  assert.equal(await stage(tab).getByLabel('Name').inputValue(), name);
});
