import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { test } from 'node:test';
import { startServe } from '../support/cli.ts';
import { carryBy, openScenario, stage, startRestartable } from './support/scenario-tab.ts';
import { keepScreenshots } from './support/screenshots.ts';

/** Of the whole job on a busy computer. */
const JOB_TIMEOUT = { timeout: 100_000 };

test('progress: a reload finds the job again, a hub that was killed begins it anew, and it ends', async (t) => {
  const { url, restart } = await startRestartable(t);
  const tab = await openScenario(t, url, 'progress');
  const running = stage(tab).getByText(/^[1-9][\d.]* MB of [\d.]+ MB$/);
  await tab.getByRole('button', { name: 'Start' }).click();
  await running.waitFor();
  await tab.reload();
  await running.waitFor();
  assert.ok(await tab.getByRole('button', { name: 'Start' }).isDisabled());
  await restart();
  await carryBy(tab, 'WebSocket');
  await running.waitFor();
  await keepScreenshots(tab, 'scenarios-progress');
  const megabytes = (statSync(process.execPath).size / 1_000_000).toFixed(1);
  await stage(tab)
    .getByText(new RegExp(`^${megabytes} MB became [\\d.]+ MB$`))
    .waitFor(JOB_TIMEOUT);
  await stage(tab)
    .getByText(/^SHA-256 [0-9a-f]{64}$/)
    .waitFor();
  await tab.reload();
  await stage(tab)
    .getByText(/ became /)
    .waitFor();
  assert.ok(await tab.getByRole('button', { name: 'Start' }).isEnabled());
});

test('progress: a job can be cancelled, from another transport too', async (t) => {
  const { url } = await startServe(t);
  const tab = await openScenario(t, url, 'progress');
  await tab.getByRole('button', { name: 'Start' }).click();
  await stage(tab)
    .getByText(/ MB of /)
    .waitFor();
  await carryBy(tab, 'Long polling');
  await tab.getByRole('button', { name: 'Cancel' }).click();
  await stage(tab)
    .getByText(/aborted/)
    .waitFor();
  assert.ok(await tab.getByRole('button', { name: 'Start' }).isEnabled());
});
