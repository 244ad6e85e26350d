import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { TRANSPORTS } from '../../../conformance/transports/transports.ts';
import { send } from '../../support/http.ts';
import { publishAll, startHub } from '../../support/hub.ts';
import { onEnd } from '../../support/on-end.ts';
import { startProxy } from '../../support/proxy/proxy.ts';
import { startWebProxy } from '../../support/web-proxy.ts';
import { CACHES } from './caches.ts';

const CACHE_SECONDS = 2;
/** Then what was cached has run out: nginx counts in whole seconds. */
const EXPIRED_MS = CACHE_SECONDS * 1000 + 1100;

type Behind = Awaited<ReturnType<typeof startBehind>>;

/** Starts a hub that lets its polls be cached, a witness of what reaches it, and the cache before both. */
async function startBehind(t: TestContext, cache: (typeof CACHES)[number]) {
  const { hub, port } = await startHub(t, { trustProxy: true, pollCacheSeconds: CACHE_SECONDS });
  const witness = await startProxy(t, port);
  const url = `http://127.0.0.1:${await startWebProxy(t, cache, witness.port)}`;
  /** How many of what reached the hub are about a channel. */
  const seen = (channel: string) =>
    witness.requests.filter(({ target }) => target.startsWith(`/channels/${channel}?`)).length;
  return { hub, url, witness, seen };
}

async function answersPolls({ hub, url, seen }: Behind): Promise<void> {
  const [id] = await publishAll(hub, 'polled', [1, 2]);
  const poll = () => send(`${url}/channels/polled?after=${id}`);
  const answers = await Promise.all(Array.from({ length: 50 }, poll));
  for (const { text } of answers) assert.equal(text, answers[0]!.text);
  assert.equal(answers[0]!.json().messages[0].data, 2);
  // One, and on a machine that stands still for two seconds another.
  assert.ok(seen('polled') < 5, `${seen('polled')} of 50 reached the hub`);
}

async function isFresh({ hub, url }: Behind): Promise<void> {
  const [id] = await publishAll(hub, 'fresh', [1]);
  const poll = async () => (await send(`${url}/channels/fresh?after=${id}`)).json().messages.length;
  assert.equal(await poll(), 0);
  await hub.publish('fresh', 2);
  await delay(EXPIRED_MS);
  assert.equal(await poll(), 1);
}

async function answersNothingNew({ hub, url, seen }: Behind): Promise<void> {
  const [id] = await publishAll(hub, 'revalidated', [1]);
  const target = `${url}/channels/revalidated?after=${id}`;
  const first = await send(target);
  assert.equal(first.status, 200);
  const headers = { 'if-none-match': first.headers.etag! };
  assert.equal((await send(target, { headers })).status, 304, 'by the cache');
  const asked = seen('revalidated');
  await delay(EXPIRED_MS);
  assert.equal((await send(target, { headers })).status, 304);
  assert.equal(seen('revalidated'), asked + 1, 'by the hub');
}

async function passesLongPolls({ hub, url, witness, seen }: Behind): Promise<void> {
  const [id] = await publishAll(hub, 'long-polled', [1]);
  const target = `${url}/channels/long-polled?after=${id}`;
  const each = [1, 2, 3].flatMap(() => [
    send(`${target}&wait=50`),
    send(target, { headers: { prefer: 'wait=50' } }),
  ]);
  await witness.until(() => seen('long-polled') === each.length);
  await hub.publish('long-polled', 2);
  for (const answer of await Promise.all(each)) assert.equal(answer.json().messages[0].data, 2);
}

async function passesStreams(t: TestContext, { hub, url }: Behind): Promise<void> {
  const [after] = await publishAll(hub, 'streamed', [1]);
  const streams = TRANSPORTS.filter(({ streaming }) => streaming);
  const opened = streams.flatMap(({ open }) =>
    [1, 2, 3].map(() => open(url, { channels: ['streamed'], after: after! })),
  );
  const readers = await Promise.all(opened);
  onEnd(t, () => {
    for (const reader of readers) reader.close();
  });
  for (const data of ['one', 'two']) {
    const next = readers.map((reader) => reader.next());
    await hub.publish('streamed', data);
    for (const item of await Promise.all(next))
      assert.equal(item.kind === 'message' && item.message.data, data);
  }
}

for (const cache of CACHES) {
  // One cache for all, at the same time: two of them wait for what it keeps to run out.
  test(`${cache.name} as a cache`, { concurrency: true }, async (t) => {
    const behind = await startBehind(t, cache);
    await Promise.all([
      t.test(`${cache.name} answers polls, and few reach the hub`, () => answersPolls(behind)),
      t.test(`${cache.name} is no older than the hub allows`, () => isFresh(behind)),
      t.test(`${cache.name} says that nothing is new, by itself and when it has asked`, () =>
        answersNothingNew(behind),
      ),
      t.test(`${cache.name} passes long polls on at once, each by itself`, () => passesLongPolls(behind)),
      t.test(`${cache.name} passes streams on, each event as it comes`, (t) => passesStreams(t, behind)),
    ]);
  });
}
