import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { Locator, Page } from 'playwright-core';
import { connect } from '../../src/client/index.ts';
import { startServe } from '../support/cli.ts';
import { serveWith } from './support/inspector.ts';
import { until } from './support/operate.ts';
import { keepScreenshots } from './support/screenshots.ts';
import { openTab, overflow, SERVER_GONE } from './support/tab.ts';

const ENDPOINTS = { graphql: 'GraphQL', grpc: 'gRPC' } as const;
const NAMES = Object.keys(ENDPOINTS) as (keyof typeof ENDPOINTS)[];

const lane = (tab: Page, name: string) => tab.locator(`tr[data-transport=${name}]`);
const figure = (tab: Page, wire: string, name: string) =>
  lane(tab, wire).locator(`td[data-name="${name}"] strong`);
const publish = (tab: Page) => tab.getByRole('button', { name: 'Publish one' }).click();
const received = async (tab: Page, name: string) =>
  Number(await lane(tab, name).getAttribute('data-received'));
const bytes = async (tab: Page, wire: string, name: string) =>
  Number((await figure(tab, wire, name).innerText()).replace(/\D/g, ''));

/** Sees a state that a lane may leave again before it could be asked for. */
async function watchForState(row: Locator, state: string): Promise<{ promise: Promise<unknown> }> {
  const seen = await row.evaluateHandle((element, wanted) => {
    const promise = new Promise<void>((resolve) => {
      const observer = new MutationObserver(() => {
        if ((element as HTMLElement).dataset.state !== wanted) return;
        observer.disconnect();
        resolve();
      });
      observer.observe(element, { attributeFilter: ['data-state'] });
    });
    return { promise };
  }, state);
  return { promise: seen.evaluate(({ promise }) => promise) };
}

/** Publishes as soon as both are cut, in the page: they come back within two seconds. */
function publishWhileCut(tab: Page, count: number): Promise<void> {
  return tab.evaluate(
    ([names, count]) =>
      new Promise<void>((resolve) => {
        const rows = names.map((name) => document.querySelector<HTMLElement>(`tr[data-transport=${name}]`)!);
        const button = [...document.querySelectorAll('button')].find(
          ({ textContent }) => textContent === 'Publish one',
        )!;
        const observer = new MutationObserver(() => {
          if (rows.some(({ dataset }) => dataset.state !== 'blocked')) return;
          observer.disconnect();
          for (let index = 0; index < count; index++) button.click();
          resolve();
        });
        for (const row of rows) observer.observe(row, { attributeFilter: ['data-state'] });
      }),
    [NAMES, count] as const,
  );
}

/** The page in a tab with both lanes switched on, which publishes by hand. */
async function openLanes(t: TestContext, url: string) {
  const tab = await openTab(t, `${url}/playground`, { expected: SERVER_GONE });
  const marks = new Map<string, string>();
  const note = (name: string) => (request: { url(): string }) => {
    const { pathname, searchParams } = new URL(request.url());
    if (pathname.startsWith(name === 'graphql' ? '/graphql' : '/fanwire.v1.Hub/'))
      marks.set(name, searchParams.get('inspect')!);
  };
  tab.on('websocket', note('graphql'));
  tab.on('request', note('grpc'));
  await tab.getByRole('slider', { name: 'Messages' }).fill('0');
  for (const name of NAMES) {
    await tab.getByRole('checkbox', { name: `Read by ${ENDPOINTS[name]} as well` }).check();
  }
  for (const name of NAMES) await tab.locator(`tr[data-transport=${name}][data-state=ready]`).waitFor();
  const hub = connect(url);
  t.after(() => hub.close());
  return {
    tab,
    /** Has the hub close the connection of each of the two. */
    cut: async () => {
      const cutOne = async (name: string) => {
        let isSeen = false;
        const { promise } = await watchForState(lane(tab, name), 'blocked');
        void promise.then(() => (isSeen = true));
        // Again, as the hub may not know of the lane's newest connection yet.
        await until(async () => {
          if (!isSeen) await hub.request('console:cut', { mark: marks.get(name) });
          return isSeen;
        });
      };
      await Promise.all(NAMES.map(cutOne));
    },
  };
}

test('GraphQL and gRPC are lanes to switch on: measured as all others, and after each cut they go on where they were', async (t) => {
  const { url } = await startServe(t, ['--graphql', '--grpc']);
  const { tab, cut } = await openLanes(t, url);
  await publish(tab);
  for (const name of NAMES) {
    await figure(tab, name, 'Delay, average')
      .getByText(/^[\d.]+ m?s$/)
      .waitFor();
    for (const column of ['Bytes to begin', 'Around a message', 'Content']) {
      await figure(tab, name, column)
        .getByText(/^[\d,]+ B$/)
        .waitFor();
    }
  }
  await figure(tab, 'websocket', 'Around a message').getByText(/ B$/).waitFor();
  const least = await bytes(tab, 'websocket', 'Around a message');
  for (const name of NAMES) {
    const around = await bytes(tab, name, 'Around a message');
    // A frame's header, and what the envelope has around the message; in gRPC's JSON, base64 as well.
    assert.ok(around > least + 20 && around < 250, `${name}: ${around} bytes around a message`);
    assert.equal(await bytes(tab, name, 'Content'), await bytes(tab, 'websocket', 'Content'), name);
  }

  let published = 1;
  for (let round = 0; round < 3; round++) {
    await cut();
    await publish(tab).then(() => published++);
    await publish(tab).then(() => published++);
    for (const name of NAMES) await until(async () => (await received(tab, name)) >= published);
  }
  for (const name of ['websocket', ...NAMES]) assert.equal(await received(tab, name), published, name);
  assert.equal(await tab.getByText('told.', { exact: false }).filter({ hasText: 'gap' }).count(), 0);
  // A connection that was cut twice in a round has come back once more.
  assert.ok(Number(await lane(tab, 'grpc').locator('td[data-name=Requests] strong').innerText()) >= 4);

  await tab.setViewportSize({ width: 360, height: 740 });
  assert.ok((await overflow(tab)) <= 0);
  await keepScreenshots(tab, 'playground-endpoints');
});

test('messages that are gone when a lane comes back are told as a gap, and a lane that is switched off is not read', async (t) => {
  const channels = { 'console:demo:playground': { retain: { count: 1 } } };
  const { url } = await serveWith(t, { graphql: true, grpc: true, channels });
  const { tab, cut } = await openLanes(t, url);
  const published = publishWhileCut(tab, 3).then(() => true);
  // One may be back before the other is cut.
  do await cut();
  while (!(await Promise.race([published, delay(1000, false)])));
  for (const name of NAMES) await lane(tab, name).getByText('A gap was told.').waitFor();
  for (const name of NAMES) await until(async () => (await received(tab, name)) === 1);

  const box = tab.getByRole('checkbox', { name: 'Read by GraphQL as well' });
  // Asked in the same turn: a box that shows its lane instead of the wish is on again until the lane is closed.
  const staysOn = await box.evaluate(async (input: HTMLInputElement) => {
    input.click();
    await null;
    return input.checked;
  });
  assert.equal(staysOn, false);
  await tab.locator('tr[data-transport=graphql][data-state=off]').waitFor();
  await publish(tab);
  await until(async () => (await received(tab, 'grpc')) === 2);
  assert.equal(await received(tab, 'graphql'), 0);
});

test('a hub that does not serve them says by which option one does', async (t) => {
  const { url } = await startServe(t);
  const tab = await openTab(t, `${url}/playground`);
  for (const name of NAMES) {
    await lane(tab, name).getByText(`Not served by this hub: fanwire serve --${name} does.`).waitFor();
  }
  assert.equal(await tab.getByRole('checkbox').count(), 0);
});
