import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertCovered } from '../../test/support/coverage.ts';
import { startHub } from '../../test/support/hub.ts';
import { takeMessages, takeUntil } from '../../test/support/readers/reader.ts';
import { ALL_TRANSPORTS } from './transports.ts';

const RETAINED = 20;
/** 16 MB: more than the buffers of any pair of sockets take. */
const PUBLISHED = 250;
const PAYLOAD = 'x'.repeat(64 * 1024);

for (const { name, open } of ALL_TRANSPORTS) {
  test(`${name}: one who stopped reading gets everything retained, a gap for the rest, and then lives on`, async (t) => {
    const { hub, url } = await startHub(t, { channels: { feed: { retain: { count: RETAINED } } } });
    const slow = await open(url, { channels: ['feed'], after: 'now' });
    const keen = await open(url, { channels: ['feed'], after: 'now' });
    const start = slow.position;
    slow.pause();
    for (let index = 0; index < PUBLISHED; index++) {
      const { id } = await hub.publish('feed', [index, PAYLOAD]);
      const [message] = await takeMessages(keen, 1);
      assert.equal(message?.id, id, 'a subscriber that reads is not held up by one that does not');
    }
    keen.close();
    slow.resume();
    const last = await hub.publish('feed', 'last');
    const items = await takeUntil(slow, (item) => item.kind === 'message' && item.message.id === last.id);
    const { announced } = assertCovered(items, start);
    assert.ok(announced > 0, 'it did miss something');
    assert.ok(items.slice(-RETAINED).every(({ kind }) => kind === 'message'));

    const after = await hub.publish('feed', 'after');
    const [message] = await takeMessages(slow, 1);
    assert.equal(message?.id, after.id);
    slow.close();
  });
}
