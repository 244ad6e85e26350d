import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { openPages } from '../support/browser.ts';
import { onEnd } from '../support/on-end.ts';

test('examples/react: what is said in one tab is read in the other', async (t) => {
  const child = spawn(process.execPath, ['examples/react/server.mjs'], {
    env: { ...process.env, PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onEnd(t, () => child.kill('SIGKILL'));
  const [url] = await once(createInterface(child.stdout), 'line');
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
});
