import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CHECKS, FIGURES } from '../../src/capacity/figures.ts';
import { capacityOf } from '../../src/capacity/model.ts';
import { startServe } from '../support/cli.ts';
import { keepScreenshots } from './support/screenshots.ts';
import { openTab, overflow, shifted, watchShifts } from './support/tab.ts';

const words = (value: number) => value.toLocaleString('en', { maximumSignificantDigits: 3 });

test('capacity: the answer is the model’s, follows every input, and its address brings all of it back', async (t) => {
  const { url } = await startServe(t);
  const tab = await openTab(t, 'about:blank');
  await watchShifts(tab);
  await tab.setViewportSize({ width: 360, height: 740 });
  await tab.goto(`${url}/learn/capacity`);
  const answer = tab.locator('.answer-words');
  const says = (text: string) => answer.getByText(text).first().waitFor();

  await says('2 machines of 8 cores, so that one may go.');
  await tab.getByRole('button', { name: 'Notifications' }).click();
  const users = tab.getByRole('slider', { name: 'Users, connected at once' });
  await users.press('End');
  assert.equal(await users.getAttribute('aria-valuetext'), '10,000,000');
  await tab.getByRole('radio', { name: 'NATS' }).check();
  await tab.getByRole('radio', { name: 'Server-sent events' }).check();
  await tab.getByRole('spinbutton', { name: 'A machine, a month' }).fill('1000');
  const traffic = tab.getByRole('spinbutton', { name: 'A GB of traffic' });
  await traffic.fill('');
  await traffic.pressSequentially('0.02');
  assert.equal(await traffic.inputValue(), '0.02');
  const load = {
    users: 10_000_000,
    transport: 'sse',
    readersPerChannel: 1,
    messagesPerSecond: 0.001,
    bytes: 256,
    log: 'nats',
  } as const;
  const machine = { cores: 8, memoryGB: 32, price: 1000, utilisation: 0.5, pricePerGB: 0.02 };
  const { nodes, bound, bitsPerSecond, publishesPerSecond, price } = capacityOf(FIGURES, load, machine);
  assert.equal(bound, 'memory');
  await says(`${nodes} machines of 8 cores, for their memory.`);
  await says(`NATS at ${words((publishesPerSecond / FIGURES.logRate.nats) * 100)} % of what one took.`);
  await says(`${words(bitsPerSecond / 1e6)} Mbit/s to the internet.`);
  await says(`${words(price.nodes + price.log + price.traffic)} a month, at your prices.`);
  const told = await answer.innerText();
  await tab
    .getByRole('img', {
      name: new RegExp(
        `^Machines over users, measured up to 8,000, a model beyond: .*; ${nodes} at 10,000,000`,
      ),
    })
    .waitFor();

  await tab.waitForURL(/users=10000000&transport=sse&.*&price=1000&/);
  await tab.goto(tab.url());
  await says('for their memory.');
  assert.equal(await answer.innerText(), told);
  // The lesson's own link says nothing of the plan, which stays all the same.
  await tab.getByRole('link', { name: 'A million users' }).click();
  await tab.waitForURL(/\?users=10000000/);
  assert.ok((await overflow(tab)) <= 0);
  assert.ok((await shifted(tab)) < 0.02, `layout shift of ${await shifted(tab)}`);
});

test('capacity: what was measured stands beside what was predicted, and what can’t be is said', async (t) => {
  const { url } = await startServe(t);
  const tab = await openTab(t, `${url}/learn/capacity?users=-5&log=kafka&readers=1&rate=1`);
  const table = tab.getByRole('table', { name: 'Cores of one node' });
  await table.waitFor();
  const rows = await table.locator('tbody tr').allInnerTexts();
  assert.equal(rows.length, CHECKS.length);
  for (const [nth, { users, measured, predicted }] of CHECKS.entries()) {
    const [name, ...figures] = rows[nth]!.split('\t');
    assert.ok(name!.startsWith(`${users.toLocaleString('en')} users, `), name);
    const ratio = (predicted / measured).toFixed(2);
    assert.deepEqual(figures, [measured.toFixed(3), predicted.toFixed(3), ratio]);
  }
  const rings = await tab.locator('.curve').first().locator('.ring').count();
  assert.equal(rings, CHECKS.length);

  await tab
    .getByText('users is 1,000 to 10,000,000, not “-5”. log is one of redis, nats, not “kafka”.')
    .waitFor();
  // A million channels with a message a second.
  const hubsOn = (log: 'redis' | 'nats') => `${Math.ceil(1_000_000 / FIGURES.logRate[log])} hubs apart`;
  await tab.getByText(new RegExp(`^One Redis took .* this load asks for ${hubsOn('redis')}`)).waitFor();
  const answer = tab.locator('.answer-words');
  await answer.getByText(`${hubsOn('redis')}, as one Redis is too slow.`).waitFor();
  const before = await answer.innerText();
  const cores = tab.getByRole('spinbutton', { name: 'Cores of a machine' });
  await cores.fill('0');
  assert.equal(await cores.getAttribute('aria-invalid'), 'true');
  assert.equal(await answer.innerText(), before);
  await tab.getByRole('radio', { name: 'NATS' }).check();
  await answer.getByText(hubsOn('nats')).waitFor();
  assert.equal(await cores.inputValue(), '0');
  assert.equal(await cores.getAttribute('aria-invalid'), 'true');
  await cores.fill('16');
  assert.equal(await cores.getAttribute('aria-invalid'), 'false');
  await answer.getByText('of 16 cores').waitFor();
  await keepScreenshots(tab, 'learn-capacity');
});
