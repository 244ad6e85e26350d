import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { connect } from '../../src/client/index.ts';
import { startServe } from '../support/cli.ts';
import { onEnd } from '../support/on-end.ts';
import { until } from './support/operate.ts';
import { keepScreenshots } from './support/screenshots.ts';
import { openTab, overflow, shifted, watchShifts } from './support/tab.ts';

/** Nothing of a process that has gone meanwhile. */
function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

/** The lab's processes of a hub's. */
function labsOf(pid: number): string[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean);
  return children.filter((child) => commandOf(child).includes('lab/process'));
}

test('a network that is pressed is measured cell by cell, beside what the field says, for all who look', async (t) => {
  const { url } = await startServe(t);
  const tab = await openTab(t, 'about:blank');
  await watchShifts(tab);
  await tab.setViewportSize({ width: 390, height: 844 });
  await tab.goto(`${url}/networks`);
  const cell = (of: typeof tab, technique: string) =>
    of.locator('.matrix tbody tr').filter({ hasText: technique }).locator('.chosen');
  const other = await openTab(t, `${url}/networks`);
  await other.locator('.matrix').waitFor();
  assert.equal(await cell(tab, 'WebSocket').getAttribute('data-state'), 'unknown');

  const press = (name: RegExp) => tab.getByRole('button', { name }).press('Enter');
  await press(/^Corporate proxy that refuses upgrades/);
  // At once another one, which waits its turn, and back.
  await press(/^Direct/);
  await tab.getByRole('button', { name: /^Direct.*waits its turn/ }).waitFor();
  await press(/^Corporate proxy that refuses upgrades/);
  await cell(tab, 'WebSocket').getByText('may block the upgrade').waitFor();
  // Whoever looks on sees it, too, before it is over.
  await other.getByText(/^Measuring: Corporate proxy that refuses upgrades/).waitFor();
  await cell(other, 'WebSocket').getByText('nothing came').waitFor();
  await tab
    .getByText(/^Here websocket got nothing; fanwire's client used sse, .* missed nothing\.$/)
    .waitFor();
  await cell(tab, 'WebSocket').locator('[data-verdict=agreed]').waitFor();
  await cell(tab, 'Server-sent events')
    .getByText(/back in \d\.\d\d s/)
    .waitFor();
  await tab
    .locator('.readings tr')
    .filter({ hasText: 'WebSocket' })
    .getByText(/answer 200|ECONNRESET/)
    .waitFor();
  assert.ok((await overflow(tab)) <= 0);
  assert.ok((await shifted(tab)) < 0.02, `layout shift of ${await shifted(tab)}`);
  await keepScreenshots(other, 'networks');
  await press(/^Stop$/);

  // Whoever comes later finds it, and who presses it again is not made to wait for the same.
  await other.reload();
  await other.getByRole('button', { name: /^Corporate proxy that refuses upgrades/ }).press('Enter');
  await other.getByText(/^Here websocket got nothing/).waitFor();
  await other.getByRole('button', { name: 'Measure it again' }).waitFor();
});

test('over HTTPS there is a row for WebTransport: where UDP is dropped nothing comes by it, and fanwire’s client goes on without', async (t) => {
  const { url } = await startServe(t);
  const tab = await openTab(t, `${url}/networks`);
  const row = tab.locator('.matrix tbody tr').filter({ hasText: 'WebTransport' });
  await tab.getByText('6 clients').waitFor();
  assert.equal(await row.count(), 0);
  await tab.getByRole('radio', { name: 'HTTPS', exact: true }).check();
  await tab.getByText('7 clients').waitFor();
  await tab.getByRole('button', { name: /^Firewall that drops UDP/ }).press('Enter');
  await tab
    .getByText(/^Here webtransport got nothing; fanwire's client used websocket, .* missed nothing\.$/)
    .waitFor();
  await row.locator('.chosen').getByText('nothing came').waitFor();
  assert.ok((await overflow(tab)) <= 0);
  await keepScreenshots(tab, 'networks-udp');
});

test('a network that is driven: messages arrive lane by lane, a plug is pulled, and what the clients say is shown', async (t) => {
  const { url, process } = await startServe(t);
  const tab = await openTab(t, 'about:blank');
  await watchShifts(tab);
  await tab.goto(`${url}/networks/drive`);
  const press = (name: string | RegExp) => tab.getByRole('button', { name }).press('Enter');
  const lane = (technique: string) => tab.locator(`[data-technique=${technique}]`);
  await press('Start');
  for (const technique of ['polling', 'long-polling', 'sse', 'http-streaming', 'websocket', 'fanwire'])
    await lane(technique)
      .getByText(/late, ([2-9]|\d\d) came/)
      .waitFor();
  assert.equal(labsOf(process.pid!).length, 1);
  // On a busy machine another transport may have been quicker.
  await lane('fanwire')
    .getByText(/^by [a-z-]+$/)
    .waitFor();

  await press('Pull the plug of node A');
  await tab.getByText('Node A is down').waitFor();
  await press('Cut every connection');
  await tab.locator('.words').getByText('close code 1006').first().waitFor();
  await tab
    .locator('.words')
    .getByText(/^[a-z-]+ works/)
    .nth(1)
    .waitFor();
  await press('Plug node A in again');
  await tab.getByRole('button', { name: 'Pull the plug of node A' }).waitFor();
  assert.ok((await shifted(tab)) < 0.02, `layout shift of ${await shifted(tab)}`);
  await keepScreenshots(tab, 'networks-drive');

  await press('End it');
  await tab.getByRole('button', { name: 'Start' }).and(tab.locator(':enabled')).waitFor();
  await until(() => labsOf(process.pid!).length === 0);
});

test('the lab is for the operator; it says what it does not take, runs one thing at a time, and ends where nobody looks', async (t) => {
  const { url, process } = await startServe(t, [], { FANWIRE_OPERATOR_TOKEN: 'the-token-of-the-operator' });
  const clientOf = (token?: string) => {
    const client = connect(url, { storage: null, ...(token && { token }) });
    onEnd(t, () => client.close());
    return client;
  };
  const guest = clientOf();
  await assert.rejects(
    guest.request('console:lab', { kind: 'drive', choice: { network: 'direct', tls: 'none' } }),
    {
      code: 'forbidden',
    },
  );
  const operator = clientOf('the-token-of-the-operator');
  for (const [request, says] of [
    [{ kind: 'drive', choice: { network: 'none', tls: 'none' } }, /^choice\.network: .*"none"/],
    [{ kind: 'act', act: { kind: 'tunnel', seconds: 1e9 } }, /^act\.seconds: .*<=60/],
    [{ kind: 'measure', choices: [] }, /^choices: /],
    ['all', /^the request: /],
  ] as const)
    await assert.rejects(operator.request('console:lab', request), {
      code: 'invalid_parameter',
      message: says,
    });
  assert.deepEqual(labsOf(process.pid!), []);

  await operator.request('console:lab', { kind: 'drive', choice: { network: 'direct', tls: 'none' } });
  await until(() => labsOf(process.pid!).length === 1);
  await assert.rejects(
    operator.request('console:lab', { kind: 'measure', choices: [{ network: 'direct', tls: 'none' }] }),
    {
      code: 'hub_busy',
      message: /somebody drives a network/,
    },
  );
  // Nobody has read what it tells.
  await until(() => labsOf(process.pid!).length === 0);
});

test('a lab that can’t begin says why, and the page can be pressed again', async (t) => {
  const { url } = await startServe(t, [], { TMPDIR: '/nonexistent' });
  const tab = await openTab(t, `${url}/networks/drive`);
  await tab.getByRole('button', { name: 'Start' }).press('Enter');
  await tab.getByText(/^The lab can't begin: ENOENT.*\/nonexistent/).waitFor();
  await tab.getByRole('button', { name: 'Start' }).and(tab.locator(':enabled')).waitFor();
});
