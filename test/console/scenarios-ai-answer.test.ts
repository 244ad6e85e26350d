import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { startServe } from '../support/cli.ts';
import { carryBy, openScenario, stage, startRestartable } from './support/scenario-tab.ts';
import { keepScreenshots } from './support/screenshots.ts';

const answer = (tab: Page) => stage(tab).locator('.answer');

/** Resolves once so much of the answer has come. */
function untilTold(tab: Page, characters: number) {
  return tab.waitForFunction(
    // A page that was just reloaded has none yet.
    (most) => (document.querySelector('.answer')?.textContent.length ?? 0) >= most,
    characters,
  );
}

/** The same question in a tab of its own: what the answer has to be in the end. */
async function wholeAnswer(tab: Page): Promise<string | null> {
  await tab.getByRole('button', { name: 'Ask' }).click();
  await stage(tab)
    .getByText(/tokens, complete$/)
    .waitFor();
  return answer(tab).textContent();
}

test('ai-answer: a reload in mid-sentence, and another transport after it, lose and repeat nothing', async (t) => {
  const { url } = await startServe(t);
  const tab = await openScenario(t, url, 'ai-answer');
  const expected = await wholeAnswer(await openScenario(t, url, 'ai-answer'));
  await tab.getByRole('button', { name: 'Ask' }).click();
  await untilTold(tab, 20);
  await tab.reload();
  await untilTold(tab, 40);
  await carryBy(tab, 'Long polling');
  await stage(tab)
    .getByText(/tokens, complete$/)
    .waitFor();
  assert.equal(await answer(tab).textContent(), expected);
  await keepScreenshots(tab, 'scenarios-ai-answer');
  await tab.reload();
  await stage(tab)
    .getByText(/tokens, complete$/)
    .waitFor();
  assert.equal(await answer(tab).textContent(), expected);
});

test('ai-answer: a hub that is killed in mid-sentence and started again ends the sentence', async (t) => {
  const { url, restart } = await startRestartable(t);
  const tab = await openScenario(t, url, 'ai-answer');
  await tab.getByRole('button', { name: 'Ask' }).click();
  await untilTold(tab, 30);
  await restart();
  await stage(tab)
    .getByText(/tokens, complete$/)
    .waitFor();
  const expected = await wholeAnswer(await openScenario(t, url, 'ai-answer'));
  assert.equal(await answer(tab).textContent(), expected);
});
