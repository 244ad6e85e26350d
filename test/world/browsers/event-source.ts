import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { accepts } from '../../../src/lab/middlebox/request-head.ts';
import { absentLog } from '../../support/absent-log.ts';
import type { Tab } from '../../support/browsers/tab.ts';
import { publishAll } from '../../support/hub.ts';
import { startProxy } from '../../support/proxy/proxy.ts';
import { received, showPage } from '../page.ts';
import { startSite } from '../site.ts';

const isStream = accepts('text/event-stream');

/** Opens an EventSource in the page and resolves once it is open; rejects if it never will be. */
function openEventSource(tab: Tab, path: string): Promise<void> {
  return tab.run((path) => {
    const source = new EventSource(path);
    source.onmessage = ({ lastEventId, data }) => globalThis.take([lastEventId, data]);
    return new Promise<void>((resolve, reject) => {
      source.onopen = () => resolve();
      source.onerror = () => {
        if (source.readyState === EventSource.CLOSED) reject(new Error('it is closed for good'));
      };
    });
  }, path);
}

export async function reconnects(t: TestContext, tab: Tab): Promise<void> {
  const { hub, port } = await startSite(t, { retryMs: 20 });
  const proxy = await startProxy(t, port);
  await showPage(tab, proxy.url);
  await openEventSource(tab, '/channels/scores');
  const published: [string, string][] = [];
  for (let round = 0; round < 5; round++) {
    const [live] = await publishAll(hub, 'scores', [`live ${round}`]);
    await received(tab, published.length + 1);
    const back = proxy.nextRequest(isStream);
    proxy.resetAll();
    const [away] = await publishAll(hub, 'scores', [`while away ${round}`]);
    published.push([live!, `"live ${round}"`], [away!, `"while away ${round}"`]);
    assert.equal((await back).headers['last-event-id'], live, 'it resumes where it was');
    assert.deepEqual(await received(tab, published.length), published);
  }
}

export async function losesNothingBeforeItsFirstMessage(t: TestContext, tab: Tab): Promise<void> {
  const { hub, port } = await startSite(t, { retryMs: 20 });
  const proxy = await startProxy(t, port);
  const before = await hub.publish('scores', 'before');
  await showPage(tab, proxy.url);
  await openEventSource(tab, '/channels/scores');
  const back = proxy.nextRequest(isStream);
  proxy.resetAll();
  const [id] = await publishAll(hub, 'scores', ['while away']);
  assert.equal((await back).headers['last-event-id'], before.id);
  assert.deepEqual(await received(tab, 1), [[id, '"while away"']]);
}

export async function comesBackToALogThatWasAway(t: TestContext, tab: Tab): Promise<void> {
  const log = absentLog();
  const { hub, port } = await startSite(t, { log });
  const proxy = await startProxy(t, port);
  const { id } = await hub.publish('scores', 'while away');
  await showPage(tab, proxy.url);
  const refused = proxy.nextRequest(isStream);
  await openEventSource(tab, '/channels/scores?after=start');
  await refused;
  await proxy.nextRequest(isStream);
  log.back();
  assert.deepEqual(await received(tab, 1), [[id, '"while away"']]);
}

export async function tellsTypesAndGaps(t: TestContext, tab: Tab): Promise<void> {
  const { hub, port } = await startSite(t, { channels: { scores: { retain: { count: 1 } } } });
  const ids = await publishAll(hub, 'scores', [1, 2]);
  const goal = await hub.publish('scores', 'lines\nof text', { type: 'goal' });
  await showPage(tab, `http://127.0.0.1:${port}`);
  await tab.run((path) => {
    const source = new EventSource(path);
    for (const type of ['gap', 'goal']) {
      source.addEventListener(type, ({ lastEventId, data }) =>
        globalThis.take([type, lastEventId, JSON.parse(data)]),
      );
    }
  }, `/channels/scores?after=${ids[0]}`);
  const gap = { channel: 'scores', from: ids[0], to: ids[1], reason: 'trimmed' };
  assert.deepEqual(await received(tab, 2), [
    // The id is still where it resumed from: a gap moves none.
    ['gap', ids[0], { gap }],
    ['goal', goal.id, 'lines\nof text'],
  ]);
}

export async function readsCompressed(t: TestContext, tab: Tab): Promise<void> {
  const { hub, port } = await startSite(t, { compression: { sharedWindow: true } });
  await showPage(tab, `http://127.0.0.1:${port}`);
  await openEventSource(tab, '/channels/scores');
  const scores = Array.from({ length: 100 }, (_, minute) => ({ match: 'FRA-BRA', minute, ü: minute % 7 }));
  for (const score of scores) {
    const before = hub.stats().bytes;
    const [id] = await publishAll(hub, 'scores', [score]);
    assert.deepEqual((await received(tab, score.minute + 1)).at(-1), [id, JSON.stringify(score)]);
    const bytes = hub.stats().bytes - before;
    if (score.minute === 99) assert.ok(bytes < 60, `${bytes} bytes for one that shares the window`);
  }
}
