import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import type { Tab } from '../../support/browsers/tab.ts';
import { publishAll } from '../../support/hub.ts';
import { startProxy } from '../../support/proxy/proxy.ts';
import { received, showPage } from '../page.ts';
import { startSite } from '../site.ts';

/** Opens a WebSocket in the page, and resolves once the hub has said where it starts. */
function openWebSocket(tab: Tab, path: string): Promise<void> {
  return tab.run(
    (path) =>
      new Promise<void>((resolve) => {
        const socket = new WebSocket(`ws://${location.host}${path}`);
        socket.binaryType = 'arraybuffer';
        socket.onclose = ({ code }) => globalThis.take(`closed with ${code}`);
        socket.onmessage = ({ data }) => {
          if (typeof data !== 'string') return globalThis.take([...new Uint8Array(data)].slice(-3));
          const frame = JSON.parse(data);
          if (frame.heartbeat) return resolve();
          globalThis.take(frame.ack ? 'acknowledged' : frame.data);
          if (frame.data === 'send') socket.send('{"from":"page"}');
        };
      }),
    path,
  );
}

export async function readsAndPublishes(t: TestContext, tab: Tab): Promise<void> {
  const { hub, port } = await startSite(t);
  await showPage(tab, `http://127.0.0.1:${port}`);
  await openWebSocket(tab, '/channels/scores');
  await publishAll(hub, 'scores', ['ü', new Uint8Array([1, 2, 3]), 'send']);
  const items = await received(tab, 5);
  assert.deepEqual(items.slice(0, 3), ['ü', [1, 2, 3], 'send']);
  // The message and its acknowledgement come in either order.
  const rest = items.slice(3).map((item) => JSON.stringify(item));
  assert.deepEqual(rest.sort(), ['"acknowledged"', '{"from":"page"}']);
}

export async function resumes(t: TestContext, tab: Tab): Promise<void> {
  const { hub, port } = await startSite(t);
  const proxy = await startProxy(t, port);
  await showPage(tab, proxy.url);
  await openWebSocket(tab, '/channels/scores');
  const [id] = await publishAll(hub, 'scores', ['live']);
  assert.deepEqual(await received(tab, 1), ['live']);
  proxy.resetAll();
  assert.deepEqual(await received(tab, 2), ['live', 'closed with 1006']);
  await publishAll(hub, 'scores', ['while away']);
  await openWebSocket(tab, `/channels/scores?after=${id}`);
  await publishAll(hub, 'scores', ['back']);
  assert.deepEqual((await received(tab, 4)).slice(2), ['while away', 'back']);
}

export async function sharesAWindow(t: TestContext, tab: Tab): Promise<void> {
  const { hub, port } = await startSite(t, { compression: { sharedWindow: true } });
  await showPage(tab, `http://127.0.0.1:${port}`);
  await openWebSocket(tab, '/channels/scores');
  const scores = Array.from({ length: 100 }, (_, minute) => ({ match: 'FRA-BRA', minute, ü: minute % 7 }));
  const before = hub.stats().bytes;
  await publishAll(hub, 'scores', scores);
  assert.deepEqual(await received(tab, 100), scores);
  const bytes = (hub.stats().bytes - before) / scores.length;
  assert.ok(bytes < 90, `${bytes} bytes a message, on average with those before the window was shared`);
}
