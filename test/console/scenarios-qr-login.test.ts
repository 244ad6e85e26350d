import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startServe } from '../support/cli.ts';
import { post } from '../support/http.ts';
import { carryBy, openScenario, stage } from './support/scenario-tab.ts';
import { keepScreenshots } from './support/screenshots.ts';
import { openTab } from './support/tab.ts';

test('qr-login: the second tab confirms the code, and the first learns of it by long polling and by polling', async (t) => {
  const { url } = await startServe(t);
  const screen = await openScenario(t, url, 'qr-login');
  await stage(screen)
    .getByText(/^Waiting until/)
    .waitFor();
  const scanned = await stage(screen)
    .locator('a')
    .evaluate((link: HTMLAnchorElement) => link.href);
  const phone = await openTab(t, scanned);
  await stage(phone).getByText('Log in on the other screen?').waitFor();
  await keepScreenshots(phone, 'scenarios-qr-login-phone');
  await phone.getByRole('button', { name: 'Log the screen in' }).click();
  await stage(phone).getByText('The screen is logged in.').waitFor();
  await stage(screen).getByText('Logged in.').waitFor();
  for (const row of ['The transport that is chosen', 'Polling every 2 s']) {
    await stage(screen)
      .getByRole('row', { name: row })
      .getByText(/^\d+ ms$/)
      .waitFor();
  }
  await keepScreenshots(screen, 'scenarios-qr-login');

  // Good once.
  const again = await openTab(t, scanned);
  await stage(again).getByText('The screen is logged in.').waitFor();
  assert.ok(await again.getByRole('button', { name: 'Log the screen in' }).isDisabled());

  const code = new URL(scanned).searchParams.get('code');
  await post(url, 'console:demo:qr-login', { confirm: code });
  await stage(again).getByText('The code has expired.').waitFor();

  await carryBy(screen, 'WebSocket');
  await stage(screen)
    .getByText(/^Waiting until/)
    .waitFor();
  assert.notEqual(
    await stage(screen)
      .locator('a')
      .evaluate((link: HTMLAnchorElement) => link.href),
    scanned,
  );
});
