import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { applyUpdate, Doc } from 'yjs';
import { carryBy, openScenario, openTwo, stage, startRestartable } from './support/scenario-tab.ts';
import { keepScreenshots } from './support/screenshots.ts';

const area = (tab: Page) => stage(tab).locator('textarea');

function untilText(tab: Page, holds: string) {
  return tab.waitForFunction((text) => document.querySelector('textarea')?.value.includes(text), holds);
}

test('editor: what two tabs write at the same time becomes the same text in both, and in one that comes later', async (t) => {
  const [one, other, url] = await openTwo(t, 'editor');

  await area(one).fill('The middle 😀.\n');
  await untilText(other, 'The middle 😀.');
  await Promise.all([
    area(one)
      .press('Control+Home')
      .then(() => area(one).pressSequentially('A beginning, then. ')),
    area(other)
      .press('Control+End')
      .then(() => area(other).pressSequentially('And an end.')),
  ]);
  const whole = 'A beginning, then. The middle 😀.\nAnd an end.';
  for (const tab of [one, other]) await untilText(tab, whole);
  await stage(one)
    .getByText(/Guest \d+ is at line 2/)
    .waitFor();
  // Where the other is stands a mark, over a text of the same letters and lines.
  const [caret, end] = await stage(one).evaluate((pane) => {
    const mark = pane.querySelector('.carets i')!;
    return [mark.previousSibling!.textContent, (mark as HTMLElement).dataset.name];
  });
  assert.equal(caret, whole);
  assert.match(end!, /^Guest \d+$/);

  // The cursor keeps its place while the other writes before it.
  await area(one).press('Control+Home');
  await area(one).pressSequentially('😁');
  await untilText(other, '😁');
  await area(other).pressSequentially('!');
  for (const tab of [one, other]) await untilText(tab, `😁${whole}!`);

  await carryBy(other, 'Long polling');
  await untilText(other, `😁${whole}!`);
  const third = await openScenario(t, url, 'editor');
  for (const tab of [one, other, third]) {
    await untilText(tab, whole);
    assert.equal(await area(tab).inputValue(), `😁${whole}!`);
  }
  await keepScreenshots(one, 'scenarios-editor');
});

test('editor: a snapshot takes the place of an update now and then, and holds everything', async (t) => {
  const [one, other, url] = await openTwo(t, 'editor');
  await area(one).pressSequentially('x'.repeat(300), { timeout: 120_000 });
  await other.waitForFunction(() => document.querySelector('textarea')?.value.length === 300);
  // A page counts updates as they come back to it. What it is told of the other's cursor comes behind all of them.
  await area(other).click();
  await stage(one)
    .getByText(/Guest \d+ is at line 1/)
    .waitFor();
  await area(one).pressSequentially('y'.repeat(5));
  await untilText(other, 'y'.repeat(5));
  const answer = await fetch(`${url}/channels/console:demo:editor?after=start&limit=1000`);
  const { messages } = (await answer.json()) as { messages: { type: string; data: string }[] };
  const snapshots = messages.filter(({ type }) => type === 'snapshot');
  assert.deepEqual(snapshots, [messages[300]]);
  const doc = new Doc();
  applyUpdate(doc, Buffer.from(snapshots[0]!.data, 'base64'));
  assert.equal(doc.getText().toString(), `${'x'.repeat(300)}y`);
});

test('editor: what was written before the hub was killed, and meanwhile, is there after it', async (t) => {
  const { url, restart } = await startRestartable(t);
  const one = await openScenario(t, url, 'editor');
  const other = await openScenario(t, url, 'editor');
  await area(one).pressSequentially('one ');
  await untilText(other, 'one ');
  await restart();
  await area(one).pressSequentially('two');
  for (const tab of [other, await openScenario(t, url, 'editor')]) await untilText(tab, 'one two');
});
