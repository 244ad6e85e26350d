import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertEndsConnected, startApplication } from '../examples/application.ts';
import { openPages } from '../support/browser.ts';

test('examples/react: what is said in one tab is read in the other', async (t) => {
  const application = await startApplication(t, [process.execPath, 'examples/react/server.mjs']);
  const { url } = application;
  const pages = await openPages(t, `${url}/realtime`, 2);
  for (const page of pages) {
    await page.goto(url);
    await page.getByText('connected', { exact: true }).waitFor();
  }
  const [one, other] = pages;
  await one!.getByLabel('Message').fill('hello');
  await one!.getByRole('button').click();
  await other!.getByRole('listitem').getByText('hello').waitFor();
  await other!.getByLabel('Message').fill('hello yourself');
  await other!.getByRole('button').click();
  await one!.getByText('hello yourself').waitFor();
  assert.deepEqual(await one!.getByRole('listitem').allTextContents(), ['hello', 'hello yourself']);
  await assertEndsConnected(application);
});
