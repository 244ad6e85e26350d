import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import type { Scenarios } from '../../src/console/scenarios.ts';
import { createHub } from '../../src/index.ts';
import { runCli, startServe } from '../support/cli.ts';
import { CARRIERS, carryBy, NAMES, openScenario, sourceOf, stage } from './support/scenario-tab.ts';
import { keepScreenshots } from './support/screenshots.ts';
import { openTab } from './support/tab.ts';

const MAX_LINES = 99;
/** Where tests are run. */
const ROOT = pathToFileURL(`${process.cwd()}/`);

test('each scenario, with its server’s part, is under 100 lines', () => {
  for (const name of NAMES) {
    const lines = ['server.js', 'page.js'].flatMap((file) => sourceOf(name, file).trimEnd().split('\n'));
    assert.ok(lines.length <= MAX_LINES, `${name} has ${lines.length} lines`);
  }
});

test('the page lists every scenario with the technique that the decision tree picks, and leads to each', async (t) => {
  const { url } = await startServe(t);
  const tab = await openTab(t, `${url}/scenarios`);
  const cards = tab.locator('.scenario-list section');
  await cards.first().waitFor();
  const found = await cards.evaluateAll((all) =>
    all.map((card) => [
      card.querySelector('a')!.getAttribute('href')!.split('/').at(-1)!,
      card.querySelector('.transport')!.textContent,
    ]),
  );
  const [long, sse, webSocket] = ['Long polling', 'Server-sent events', 'WebSocket'];
  assert.deepEqual(Object.fromEntries(found), {
    'ai-answer': sse,
    chat: webSocket,
    editor: webSocket,
    game: webSocket,
    iot: sse,
    notifications: sse,
    progress: sse,
    'qr-login': long,
    scores: sse,
    ticker: sse,
  });
  assert.deepEqual(found.map(([name]) => name).sort(), NAMES);
  await keepScreenshots(tab, 'scenarios');

  await tab.getByRole('link', { name: 'Chat' }).click();
  await tab.getByRole('heading', { name: 'Chat' }).waitFor();
  await tab.getByRole('link', { name: 'All scenarios' }).click();
  await cards.first().waitFor();
});

test('an address of no scenario says so and lists all', async (t) => {
  const { url } = await startServe(t);
  const tab = await openTab(t, `${url}/scenarios/nothing`);
  await tab.getByText('There is no scenario “nothing”').waitFor();
  assert.equal(await tab.locator('.scenario-list section').count(), NAMES.length);
});

test('a scenario goes on over every transport, and tells the delay, messages and requests of each', async (t) => {
  const { url } = await startServe(t);
  const tab = await openScenario(t, url, 'ticker');
  const figure = (name: string) => tab.locator('.figures div', { hasText: name }).locator('dd');
  for (const name of CARRIERS) {
    await carryBy(tab, name);
    await stage(tab)
      .getByText(/^[1-9]\d* messages received for \d+ changes$/)
      .waitFor();
    await figure('From publish to receipt')
      .getByText(/^\d+ ms$/)
      .waitFor();
    await figure('Messages')
      .getByText(/^[1-9][\d,]*$/)
      .waitFor();
    await figure('Requests')
      .getByText(/^[1-9][\d,]*$/)
      .waitFor();
  }
  const rows = stage(tab).locator('tbody tr');
  await rows.nth(5).waitFor();
  assert.equal(await rows.count(), 6);
});

test('every change of a price comes, or the newest of each four times a second', async (t) => {
  const { url } = await startServe(t);
  const tab = await openScenario(t, url, 'ticker');
  const sentence = stage(tab).getByText(/[1-9]\d{2,} changes$/);
  // On a slow machine changes come seldom at first, and each is the newest.
  for (let received = 1, changes = 1; received >= changes / 2; ) {
    [received, changes] = (await sentence.textContent())!.match(/\d+/g)!.map(Number) as [number, number];
  }
  await tab.getByRole('radio', { name: 'Every change' }).check();
  // What stood there before stays until the first change comes.
  await stage(tab)
    .getByText(/^([1-9]\d{2,}) messages received for \1 changes$/)
    .waitFor();
});

test('what publishes by itself does so while somebody looks', async (t) => {
  const { url } = await startServe(t);
  const position = async () =>
    (await fetch(`${url}/channels/console:demo:scores`)).headers.get('fanwire-position');
  const before = await position();
  const list = await openTab(t, `${url}/scenarios`);
  await list.locator('.scenario-list').waitFor();
  assert.equal(await position(), before);
  const tab = await openScenario(t, url, 'scores');
  await stage(tab).getByText('2′').first().waitFor();
});

test('what publishes by itself is silent before anybody looks, and soon after the last has gone', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval', 'Date'] });
  let watched: readonly string[] = [];
  const { loadScenarios } = await import(new URL('dist/console/scenarios.js', ROOT).href);
  const scenarios: Scenarios = await loadScenarios({ add() {}, has: () => watched.length > 0 });
  const hub = createHub({ channels: scenarios.channels });
  t.after(() => hub.close({ drainMs: 0 }));
  t.mock.method(hub, 'presence', async () => watched.map((data) => ({ data })));
  let published = 0;
  hub.subscribe('console:demo:scores', () => (published += 1));
  const stop = scenarios.start(hub);
  const publishedIn = async (seconds: number) => {
    const before = published;
    for (let half = 0; half < 2 * seconds; half++) {
      t.mock.timers.tick(500);
      // The hub has answered who looks.
      await turn();
    }
    return published - before;
  };
  assert.equal(await publishedIn(60), 0);
  watched = ['scores'];
  assert.ok((await publishedIn(10)) > 0);
  watched = [];
  // Played on for a while, for those who only reload.
  assert.ok((await publishedIn(9)) > 0);
  await publishedIn(3);
  assert.equal(await publishedIn(600), 0);
  stop();
});

test('a hub that asks for tokens asks here, and the scenario then runs', async (t) => {
  const FANWIRE_SECRET = 's'.repeat(32);
  const { url } = await startServe(t, [], { FANWIRE_SECRET });
  const tab = await openTab(t, `${url}/scenarios/ticker`, { expected: /401/ });
  const { stdout } = await runCli(t, ['token', '--read', '*,console:*', '--publish', 'console:*'], {
    FANWIRE_SECRET,
  });
  await tab.getByRole('textbox', { name: /token/ }).fill(stdout.trim());
  await tab.getByRole('button', { name: 'Use it' }).click();
  await stage(tab)
    .getByText(/^[1-9]\d* messages received/)
    .waitFor();
});

test('the code can be copied as it stands', async (t) => {
  const { url } = await startServe(t);
  const tab = await openScenario(t, url, 'scores');
  await tab.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  const file = tab.locator('.code', { hasText: 'server.js' });
  await file.getByRole('button', { name: 'Copy' }).click();
  await file.getByText('Copied.').waitFor();
  assert.equal(await tab.evaluate(() => navigator.clipboard.readText()), sourceOf('scores', 'server.js'));
});
