import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay, setImmediate as turn } from 'node:timers/promises';
import type { FanwireHub } from '../../src/index.ts';
import { memoryLog } from '../../src/log/memory/memory-log.ts';
import { startHub } from '../../test/support/hub.ts';
import { lateLog } from '../../test/support/late-log.ts';
import { lossyLog } from '../../test/support/lossy-log.ts';
import { messagesOf, type Reader, takeUntil } from '../../test/support/readers/reader.ts';
import { ALL_TRANSPORTS } from './transports.ts';

const READERS = 12;
/** So many are published as fast as it goes while one reader opens: a transport that takes long to would be given far more to read than to race with. */
const EACH_MEETS = 100;

/** Publishes 1, 2, 3 … until stopped, beyond `limit` more slowly; resolves with how many there were. */
function publishOnAndOn(hub: FanwireHub, channel: string, limit: () => number): () => Promise<number> {
  let running = true;
  let count = 0;
  const done = (async () => {
    while (running) {
      // In bursts, so that some fall between a subscriber's catching up and its going live.
      await Promise.all(Array.from({ length: 1 + (count % 3) }, () => hub.publish(channel, ++count)));
      await (count < limit() ? turn() : delay(1));
    }
  })();
  return async () => {
    running = false;
    await done;
    return count;
  };
}

const LOGS = {
  'a log that answers at once': () => memoryLog(),
  'a log that answers late': () => lateLog(memoryLog()),
  'a log that loses of its live feed': () => lossyLog(lateLog(memoryLog())),
};

for (const [{ name, open }, [kind, log]] of product(ALL_TRANSPORTS, Object.entries(LOGS))) {
  test(`${name}, ${kind}: who subscribes while messages are published gets each exactly once from where it began`, async (t) => {
    const channels = { ticks: { retain: { count: 1_000_000 } } };
    const { hub, url } = await startHub(t, { log: log(), channels });
    const origin = await hub.publish('ticks', 0);
    const readers: { after: string; reader: Reader }[] = [];
    const stop = publishOnAndOn(hub, 'ticks', () => (readers.length + 1) * EACH_MEETS);
    for (let index = 0; index < READERS; index++) {
      const after = index % 2 === 0 ? origin.id : 'now';
      readers.push({ after, reader: await open(url, { channels: ['ticks'], after }) });
    }
    const last = await stop();
    await hub.publish('ticks', last + 1);
    for (const { after, reader } of readers) {
      const items = await takeUntil(
        reader,
        (item) => item.kind === 'message' && item.message.data === last + 1,
      );
      reader.close();
      const values = messagesOf(items).map(({ data }) => data as number);
      const first = after === 'now' ? values[0]! : 1;
      assert.deepEqual(
        values,
        Array.from({ length: last + 2 - first }, (_, index) => first + index),
      );
    }
  });
}

function product<A, B>(ones: readonly A[], others: readonly B[]): [A, B][] {
  return ones.flatMap((one) => others.map((other): [A, B] => [one, other]));
}
