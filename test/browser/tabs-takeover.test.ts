import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { Page } from 'playwright-core';
import { type BareTab, loadModule, openBareTabs } from '../support/browser.ts';
import { publishAll, startHub } from '../support/hub.ts';
import { CHANNEL, gotBy, openTabs, split, subscribeAll, untilConnections } from '../support/tabs.ts';

/** How a leader ends, all but the first without a word. */
const ENDS: Record<string, (leader: Page) => Promise<unknown>> = {
  'its client is closed': (leader) => leader.evaluate(() => globalThis.tab.close()),
  'its tab is closed': (leader) => leader.close(),
  'its tab crashes': async (leader) => {
    const crashed = leader.waitForEvent('crash');
    const session = await leader.context().newCDPSession(leader);
    // It has no answer: the process is gone.
    session.send('Page.crash').catch(() => {});
    await crashed;
  },
  'its page hangs': async (leader) => {
    leader.evaluate('for (;;);').catch(() => {});
  },
};

for (const [end, endLeader] of Object.entries(ENDS)) {
  test(`when ${end} in the middle, another tab goes on, and nothing is lost or doubled`, async (t) => {
    const { hub, url, pages } = await openTabs(t, 3);
    await subscribeAll(pages);
    const { leader, others } = await split(pages);
    /** Asks one tab to publish, and does not wait for the hub. */
    const publishFrom = (page: Page, value: string) =>
      page.evaluate(
        ([channel, value]) => {
          globalThis.sent ??= [];
          globalThis.sent.push(globalThis.tab.publish(channel, value));
        },
        [CHANNEL, value] as const,
      );
    for (const page of others)
      for (let n = 0; n < 5; n++) await publishFrom(page, `${others.indexOf(page)}/${n}`);
    await publishAll(hub, CHANNEL, ['hub/0', 'hub/1']);
    await endLeader(leader);
    for (const page of others)
      for (let n = 5; n < 10; n++) await publishFrom(page, `${others.indexOf(page)}/${n}`);
    await publishAll(hub, CHANNEL, ['hub/2', 'hub/3']);

    const all = (
      await Promise.all(others.map((page) => page.evaluate(() => Promise.all(globalThis.sent))))
    ).flat() as { id: string }[];
    assert.equal(new Set(all.map(({ id }) => id)).size, 20);
    const [first, second] = await Promise.all(others.map((page) => gotBy(page, 24)));
    assert.deepEqual(first, second);
    for (const source of ['0', '1', 'hub']) {
      const ofSource = first!.filter((value) => String(value).startsWith(`${source}/`));
      const count = source === 'hub' ? 4 : 10;
      assert.deepEqual(
        ofSource,
        Array.from({ length: count }, (_, n) => `${source}/${n}`),
      );
    }
    await split(others);
    if (end !== 'its page hangs') await untilConnections(url, 1);
  });
}

/** Two tabs of which the first leads, and is hidden behind the second. */
async function openHiddenLeader(t: TestContext) {
  const { hub, url } = await startHub(t);
  const [leader, seen] = (await openBareTabs(t, url, 2)) as [BareTab, BareTab];
  for (const tab of [leader, seen]) {
    await loadModule(tab, 'tabs', 'dist/client/tabs/index.js');
    await tab.evaluate(`
      globalThis.got = [];
      globalThis.tab = tabs.connect('', { transports: ['sse', 'polling'], storage: null });
      tab.subscribe('${CHANNEL}', ({ data }) => got.push(data)).ready`);
  }
  const states = await Promise.all(
    [leader, seen].map((tab) => tab.evaluate('document.visibilityState + ", " + tab.status.via')),
  );
  assert.deepEqual(states, ['hidden, this tab', 'visible, another tab']);
  return { hub, leader, seen };
}

/** Resolves with what the condition comes to, once that is something. */
function until<T>(tab: BareTab, condition: string): Promise<T> {
  return tab.evaluate(`new Promise((resolve) => {
    const look = () => { const value = ${condition}; if (value) resolve(value); else setTimeout(look, 20); };
    look();
  })`);
}

test('a leader whose page is frozen gives way, and comes back as one of the others, with what it missed', async (t) => {
  const { hub, leader, seen } = await openHiddenLeader(t);
  await leader.freeze();
  await until(seen, "tab.status.via === 'this tab'");
  await publishAll(hub, CHANNEL, ['while frozen']);
  await until(seen, 'got.length === 1');
  await leader.thaw();
  await publishAll(hub, CHANNEL, ['afterwards']);
  assert.deepEqual(await until(leader, 'got.length === 2 && got'), ['while frozen', 'afterwards']);
  assert.equal(await leader.evaluate('tab.status.via'), 'another tab');
});

test('a hidden leader keeps a connection that works, and loses it to a page that is seen when it must connect again', async (t) => {
  const { hub, leader, seen } = await openHiddenLeader(t);
  await publishAll(hub, CHANNEL, ['to both']);
  for (const tab of [leader, seen]) await until(tab, 'got.length === 1');
  assert.equal(await seen.evaluate('tab.status.via'), 'another tab');
  await hub.close({ drainMs: 0 });
  await until(seen, "tab.status.via === 'this tab'");
  await until(leader, "tab.status.via === 'another tab'");
});

test('a publish whose answer the leader did not live to pass on is applied once', async (t) => {
  let asked = () => {};
  const reached = new Promise<void>((resolve) => {
    asked = resolve;
  });
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const { hub, pages } = await openTabs(t, 2, {
    beforePublish: async ({ data }) => {
      if (data !== 'held') return;
      asked();
      await released;
    },
  });
  await subscribeAll(pages);
  const { leader, others } = await split(pages);
  const [other] = others as [Page];
  const id = other.evaluate(async (channel) => (await globalThis.tab.publish(channel, 'held')).id, CHANNEL);
  await reached;
  await leader.close();
  await other.waitForFunction(() => globalThis.tab.status.via === 'this tab');
  release();
  await id;
  await publishAll(hub, CHANNEL, ['next']);
  assert.deepEqual(await gotBy(other, 2), ['held', 'next']);
});

test('a request is not asked twice: when the leader ends before the answer, it is told that none came', async (t) => {
  let asked = 0;
  let answer = () => {};
  const answered = new Promise<void>((resolve) => {
    answer = resolve;
  });
  t.after(() => answer());
  let reach = () => {};
  const reached = new Promise<void>((resolve) => {
    reach = resolve;
  });
  const { pages } = await openTabs(t, 2, {
    requests: {
      wait: () => {
        asked++;
        reach();
        return answered;
      },
      add: (data) => (data as number) + 1,
    },
  });
  await subscribeAll(pages);
  const { leader, others } = await split(pages);
  const [other] = others;
  assert.equal(await other!.evaluate(() => globalThis.tab.request('add', 1)), 2);
  const code = other!.evaluate(() => globalThis.tab.request('wait').catch((error) => error.code));
  await reached;
  await leader.close();
  assert.equal(await code, 'connection_lost');
  assert.equal(asked, 1);
});
