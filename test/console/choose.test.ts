import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { startServe } from '../support/cli.ts';
import { post } from '../support/http.ts';
import { keepScreenshots } from './support/screenshots.ts';
import { openTab, overflow } from './support/tab.ts';

/** The answers that lead to each technique. */
const WAYS: Record<string, string[]> = {
  WebSocket: ['Yes'],
  'Server-sent events': ['No', 'Yes'],
  'Long polling': ['No', 'No', 'Yes'],
  Polling: ['No', 'No', 'No'],
};

for (const [technique, answers] of Object.entries(WAYS)) {
  test(`${answers.join(', ')} leads to ${technique}, whose code runs as it is shown`, async (t) => {
    const { url } = await startServe(t);
    const tab = await openTab(t, `${url}/choose`);
    for (const [index, answer] of answers.entries()) {
      await tab.locator('.question').nth(index).getByRole('radio', { name: answer }).check();
    }
    await tab.getByRole('heading', { name: technique, exact: true }).waitFor();
    const code = await tab.locator('.answer pre').first().textContent();
    await assertShows(t, url, code!);
  });
}

for (const [name, option] of [
  ['GraphQL', '--graphql'],
  ['gRPC', '--grpc'],
] as const) {
  test(`the code for ${name} runs as it is shown`, async (t) => {
    const { url } = await startServe(t, [option]);
    const tab = await openTab(t, `${url}/choose`);
    const shown = tab.locator('.endpoint').filter({ has: tab.getByRole('heading', { name, exact: true }) });
    await assertShows(t, url, (await shown.locator('pre').textContent())!);
  });
}

/** Runs code that the page shows to start with, in a page of the hub's origin, until it has shown a message of the channel. */
async function assertShows(t: TestContext, url: string, code: string): Promise<void> {
  // Without the console's policy, which lets no page run what it was handed as text.
  const page = await openTab(t, `${url}/healthz`);
  await page.evaluate((code) => {
    const shown: unknown[] = [];
    Object.assign(window, { shown, show: (data: unknown) => shown.push(data) });
    setTimeout(new Function(`return (async () => {${code}})()`) as () => void);
  }, code);
  // A reader from now on may begin after the first messages: one more until it has shown one.
  const shown = page.waitForFunction(() => (window as unknown as { shown: unknown[] }).shown.length > 0);
  let published = 0;
  while (
    !(await Promise.race([
      shown.then(() => true),
      post(url, 'scores', { home: ++published }).then(() => false),
    ]))
  );
  const data = await page.evaluate(() => (window as unknown as { shown: unknown[] }).shown[0]);
  assert.ok(JSON.stringify(data).match(/^{"(home|hello)":/), JSON.stringify(data));
}

test('the table says what this hub measured, and a phone scrolls it alone', async (t) => {
  const { url } = await startServe(t);
  const tab = await openTab(t, `${url}/choose`);
  await tab.setViewportSize({ width: 360, height: 740 });
  for (const cell of [0, 1, 2, 3]) {
    await tab
      .locator('.measured tr')
      .first()
      .locator('td')
      .nth(cell)
      .getByText(/^[\d.]+ m?s$/)
      .waitFor();
  }
  const balancer = tab.getByRole('row', { name: /^Load balancer/ }).getByRole('cell');
  assert.deepEqual(await balancer.allTextContents(), [
    'works',
    'works',
    'needs configuration',
    'needs sticky sessions',
  ]);
  assert.ok((await overflow(tab)) <= 0);
  await tab.locator('.question').first().getByRole('radio', { name: 'Yes' }).check();
  await keepScreenshots(tab, 'choose');
});

test('an answer that is changed takes back those after it', async (t) => {
  const { url } = await startServe(t);
  const tab = await openTab(t, `${url}/choose`);
  const question = (index: number) => tab.locator('.question').nth(index);
  await question(0).getByRole('radio', { name: 'No' }).check();
  await question(1).getByRole('radio', { name: 'Yes' }).check();
  await question(0).getByRole('radio', { name: 'Yes' }).check();
  await tab.getByRole('heading', { name: 'WebSocket', exact: true }).waitFor();
  assert.equal(await question(1).getByRole('radio', { name: 'Yes' }).isDisabled(), true);
  await question(0).getByRole('radio', { name: 'No' }).check();
  assert.equal(
    await tab
      .locator('.answer')
      .getByText(/^Start with the simplest/)
      .count(),
    1,
  );
});
