import assert from 'node:assert/strict';
import { test } from 'node:test';
import { heldUse } from '../../src/console/web/pages/learn/cost/radio/radio-model.ts';
import { startServe } from '../support/cli.ts';
import { keepScreenshots } from './support/screenshots.ts';
import { openTab, overflow, shifted, watchShifts } from './support/tab.ts';

test('what it costs: 1,000 long polls are parked for real, answered by one message, and a radio is reckoned with', async (t) => {
  const { url } = await startServe(t);
  const tab = await openTab(t, 'about:blank');
  await watchShifts(tab);
  await tab.setViewportSize({ width: 360, height: 740 });
  await tab.goto(`${url}/learn/cost`);
  const press = (name: string | RegExp) => tab.getByRole('button', { name }).press('Enter');
  const region = (name: string) => tab.getByRole('region', { name, exact: true });

  await press('Park 1,000');
  await tab.getByText(/^All are parked\./).waitFor();
  assert.equal(await region('Park 1,000 long polls').locator('.figures dd').first().textContent(), '1,000');
  const share = await region('Park 1,000 long polls')
    .locator('.read')
    .getByText(/^[\d.]+ kB of the process a parked request, of which [\d.]+ kB are objects/)
    .textContent();
  const [each, held] = share!.match(/[\d.]+(?= kB)/g)!.map(Number);
  assert.ok(held! > 1 && held! < 30 && each! < 200, share!);

  await press('Publish: all ask at once');
  const chart = (title: string) => tab.locator('.herd').filter({ hasText: title });
  await chart('At once')
    .getByText(/1,000 requests within \d+ ms, at most \d+ in 10 ms/)
    .waitFor();
  await tab.getByText(/^All are parked\./).waitFor();
  await press(/^Publish: spread/);
  const told = await chart('Spread over 2 s')
    .getByText(/1,000 requests within \d+ ms/)
    .textContent();
  assert.ok(Number(/within (\d+) ms/.exec(told!)![1]) > 1800, told!);
  await region('A thundering herd, on demand')
    .locator('.read')
    .getByText(/^All were answered within \d+ ms, and 1000 requests .* Spread over 2 s at most \d+ came/)
    .waitFor();

  await tab.getByRole('slider', { name: 'Heartbeat after' }).fill('60');
  const plan = {
    messagesAMinute: 2,
    heartbeatSeconds: 60,
    pollSeconds: 30,
    conflateSeconds: 0,
    tailSeconds: 11.6,
  };
  assert.equal(
    await tab.locator('[data-radio=websocket] td').first().textContent(),
    heldUse(plan).wakeUpsAMinute.toFixed(1),
  );
  await press('Let them go');
  await tab.getByText('They are gone, and so are both processes.').waitFor();
  assert.ok((await overflow(tab)) <= 0);
  assert.ok((await shifted(tab)) < 0.02, `layout shift of ${await shifted(tab)}`);
  await keepScreenshots(tab, 'learn-crowd');
});

test('a crowd stays for whoever still looks at it, and who lets it go is told to the others', async (t) => {
  const { url } = await startServe(t);
  const openCost = async () => {
    const tab = await openTab(t, `${url}/learn/cost`);
    await tab.getByRole('button', { name: 'Park 1,000' }).press('Enter');
    return tab;
  };
  const one = await openCost();
  await one.getByText(/^They come|^All are parked/).waitFor();
  const other = await openCost();
  await other.getByText(/^They come|^All are parked/).waitFor();
  await one.getByRole('link', { name: 'Choose', exact: true }).press('Enter');
  await one.locator('.measured').waitFor();
  const third = await openCost();
  for (const tab of [other, third]) await tab.getByText(/^All are parked\./).waitFor();
  await third.getByRole('button', { name: 'Let them go' }).press('Enter');
  await third.getByText('They are gone, and so are both processes.').waitFor();
  await other.getByText('Another visitor let them go: both processes are gone.').waitFor();
});
