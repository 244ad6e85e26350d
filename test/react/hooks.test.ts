import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { type TestContext, test } from 'node:test';
import type { Page } from 'playwright-core';
import { connect } from '../../src/client/index.ts';
import type { HubOptions } from '../../src/index.ts';
import { connectSdk } from '../hub/support/sdk.ts';
import { loadModule, openPage } from '../support/browser.ts';
import { publishAll, startHub } from '../support/hub.ts';
import { metricsOf, metricValue } from '../support/metrics.ts';

interface Shown {
  readonly data: readonly unknown[];
  readonly last: unknown;
  readonly gaps: readonly string[];
  readonly error: string | null;
  readonly members: readonly unknown[];
  readonly ready: boolean;
  readonly state: unknown;
  readonly connected: string;
  readonly via: string | null;
}

interface Reader {
  readonly channel?: string;
  readonly options?: object;
}

declare global {
  var harness: {
    render(readers: readonly Reader[], shared?: boolean): void;
    unmount(): void;
    shown(): Shown[];
    made(): number;
    readonly views: { publish: unknown; messages: unknown; gaps: unknown }[];
  };
}

async function openHarness(t: TestContext, options?: HubOptions) {
  const events = new EventEmitter();
  const { hub, url } = await startHub(t, {
    onVacated: (channel) => void events.emit(`vacated ${channel}`),
    ...options,
  });
  const page = await openPage(t, url);
  await loadModule(page, 'ignored', 'test/react/harness.jsx');
  /** To be asked before what makes them go: resolves once a channel loses its last subscriber. */
  const vacated = (channel: string) => once(events, `vacated ${channel}`);
  return { hub, url, page, vacated };
}

const render = (page: Page, readers: readonly Reader[], shared = false) =>
  page.evaluate(([readers, shared]) => globalThis.harness.render(readers, shared), [
    readers,
    shared,
  ] as const);

/** What the components show, once each shows something of which this holds. */
async function shownBy(page: Page, part: Partial<Shown>): Promise<Shown[]> {
  const shown = await page.waitForFunction((part) => {
    const shown = globalThis.harness.shown();
    const holds = (each: Shown) =>
      Object.entries(part).every(
        ([name, value]) => JSON.stringify(each[name as keyof Shown]) === JSON.stringify(value),
      );
    return shown.length > 0 && shown.every(holds) && shown;
  }, part);
  return (await shown.jsonValue()) as Shown[];
}

test('in StrictMode two components make one client, one connection and one subscription, and each sees all in order, once', async (t) => {
  const { hub, url, page, vacated } = await openHarness(t);
  await publishAll(hub, 'scores', [1, 2]);
  const reader = { channel: 'scores', options: { last: 20 } };
  await render(page, [reader, reader]);
  await shownBy(page, { ready: true, data: [1, 2], connected: 'connected' });
  await publishAll(hub, 'scores', [3, 4, 5]);
  const shown = await shownBy(page, { data: [1, 2, 3, 4, 5] });
  assert.deepEqual(
    shown.map(({ last, state, error, gaps }) => ({ last, state, error, gaps })),
    Array(2).fill({ last: 5, state: 15, error: null, gaps: [] }),
  );
  assert.equal(await page.evaluate(() => globalThis.harness.made()), 1);
  assert.equal(await hub.occupancy('scores'), 1);
  assert.equal(metricValue(await metricsOf(url), /^fanwire_connections$/), 1);
  const left = vacated('scores');
  await page.evaluate(() => globalThis.harness.unmount());
  await left;
});

test('a client that the provider has made ends with the provider, and its user is present no longer', async (t) => {
  const { hub, url, page } = await openHarness(t, { presenceLingerMs: 600_000 });
  const watcher = connect(url);
  t.after(() => watcher.close());
  await render(page, [{ channel: 'scores', options: { presence: { name: 'Ada' } } }]);
  await shownBy(page, { ready: true });
  assert.equal(await watcher.presence.count('scores'), 1);
  const changes = watcher.subscribe('scores:presence')[Symbol.asyncIterator]();
  const left = changes.next();
  await page.evaluate(() => globalThis.harness.unmount());
  assert.equal((await left).value?.type, 'leave');
  assert.equal(await watcher.presence.count('scores'), 0);
  assert.equal(hub.connections().length, 1);
});

test('another channel begins anew, with nothing of the one before, and none at all reads nothing', async (t) => {
  const { hub, page, vacated } = await openHarness(t);
  await publishAll(hub, 'a', [1, 2]);
  await publishAll(hub, 'b', [10]);
  const options = { after: 'start' };
  await render(page, [{ channel: 'a', options }]);
  await shownBy(page, { data: [1, 2], state: 3 });
  const left = [vacated('a'), vacated('b')];
  await render(page, [{ channel: 'b', options }]);
  await shownBy(page, { data: [10], state: 10 });
  await left[0];
  await render(page, [{ options }]);
  await shownBy(page, { data: [], last: null, state: 0, ready: false });
  await left[1];
});

test('what is kept is bounded, and the fold has seen all of it', async (t) => {
  const { hub, page } = await openHarness(t);
  const values = Array.from({ length: 300 }, (_, index) => index);
  await publishAll(hub, 'scores', values);
  await render(page, [{ channel: 'scores', options: { after: 'start', keep: 3 } }]);
  await shownBy(page, { data: [297, 298, 299], state: (299 * 300) / 2 });
});

test('a render for another reason changes no identity', async (t) => {
  const { hub, page } = await openHarness(t);
  await publishAll(hub, 'scores', [1]);
  const reader = { channel: 'scores', options: { after: 'start' } };
  await render(page, [reader]);
  await shownBy(page, { data: [1], connected: 'connected' });
  await render(page, [{ ...reader, options: { ...reader.options } }]);
  const same = await page.evaluate(async () => {
    const { views } = globalThis.harness;
    const before = views.length;
    globalThis.harness.render([{ channel: 'scores', options: { after: 'start', keep: 50 } }]);
    while (views.length === before) await new Promise(requestAnimationFrame);
    const [one, other] = views.slice(-2);
    return one!.publish === other!.publish && one!.messages === other!.messages && one!.gaps === other!.gaps;
  });
  assert.ok(same);
});

test('gaps and refusals are told beside the messages', async (t) => {
  const { hub, page } = await openHarness(t, {
    channels: { scores: { retain: { count: 1 } } },
    authorise: () => ({ read: ['scores'], publish: true }),
  });
  const [first] = await publishAll(hub, 'scores', [1, 2, 3]);
  await render(page, [{ channel: 'scores', options: { after: first } }]);
  await shownBy(page, { data: [3], gaps: ['trimmed'], error: null });
  await render(page, [{ channel: 'secret' }]);
  await shownBy(page, { data: [], error: 'forbidden', ready: false });
});

test('the same hooks read over the connection that tabs share', async (t) => {
  const { hub, page } = await openHarness(t);
  await render(page, [{ channel: 'scores' }], true);
  await shownBy(page, { ready: true, via: 'this tab' });
  await publishAll(hub, 'scores', [1, 2]);
  await shownBy(page, { data: [1, 2], state: 3 });
});

test('usePresence shows who is there as they come and go, for the channel that it is given', async (t) => {
  const { url, page } = await openHarness(t);
  await render(page, [{ options: { watch: 'room' } }]);
  await shownBy(page, { connected: 'connected', members: [] });
  const arrive = async (name: string) => {
    const sdk = await connectSdk(t, url, { client: `${name}-and-a-tab` });
    await sdk.ask({ ref: 1, subscribe: { channel: 'room', presence: name } });
    return sdk;
  };
  const ada = await arrive('ada');
  await arrive('bob');
  await shownBy(page, { members: ['ada', 'bob'] });
  ada.send({ bye: true });
  await shownBy(page, { members: ['bob'] });
  await render(page, [{ channel: 'elsewhere', options: { watch: 'elsewhere', presence: 'me' } }]);
  await shownBy(page, { members: ['me'] });
  await render(page, [{ channel: 'elsewhere', options: { presence: 'me' } }]);
  await shownBy(page, { members: [] });
});
