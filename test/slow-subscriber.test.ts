import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { type TestContext, test } from 'node:test';
import { assertCovered } from './support/coverage.ts';
import type { PublishCommand, PublishReport } from './support/memory-hub.ts';
import { onEnd } from './support/on-end.ts';
import { openHttpStreaming } from './support/readers/http-streaming.ts';
import { type ReaderOptions, takeMessages, takeUntil } from './support/readers/reader.ts';
import { openSse } from './support/readers/sse.ts';
import { openWebSocket } from './support/readers/websocket.ts';

const MESSAGE_BYTES = 64 * 1024;
const MESSAGES = 500_000_000 / MESSAGE_BYTES;
const MAX_BYTES = 2_000_000;
const RETAINED = 100;

const TRANSPORTS = { WebSocket: openWebSocket, SSE: openSse, 'HTTP streaming': openHttpStreaming };

const ALL_TRANSPORTS = Object.entries(TRANSPORTS).flatMap(([name, open]) => [
  { name, open },
  {
    name: `${name} over HTTP/2`,
    open: (base: string, options: ReaderOptions) => open(base, { ...options, http2: true }),
  },
]);

for (const { name, open } of ALL_TRANSPORTS) {
  test(`a ${name} subscriber that stops reading while 500 MB are published costs less than 2 MB, and catches up`, async (t) => {
    const { url, publish } = await startMemoryHub(t);
    // Twice, so that what is compared has a full history and warm code on both sides.
    await publish(MESSAGES / 5);
    const without = await publish(MESSAGES / 5);

    const reader = await open(url, { channels: ['feed'], after: 'now' });
    const began = await publish(1);
    await takeMessages(reader, 1);
    reader.pause();
    const beside = await publish(MESSAGES);
    const cost = beside.peakBytes - without.peakBytes;
    t.diagnostic(`${name}: ${(cost / 1000).toFixed(0)} kB beside ${(without.peakBytes / 1e6).toFixed(1)} MB`);
    assert.ok(cost < MAX_BYTES, `${cost} bytes`);

    reader.resume();
    const items = await takeUntil(
      reader,
      (item) => item.kind === 'message' && item.message.id === beside.lastId,
    );
    reader.close();
    const { messages, announced } = assertCovered(items, began.lastId);
    assert.ok(messages >= RETAINED, `${messages} came`);
    assert.ok(announced > 0, 'the rest was announced');
    assert.ok(items.slice(-RETAINED).every(({ kind }) => kind === 'message'));
  });
}

async function startMemoryHub(t: TestContext) {
  const hub = fork(new URL('./support/memory-hub.js', import.meta.url), { execArgv: ['--expose-gc'] });
  onEnd(t, () => hub.kill());
  const [{ port }] = (await once(hub, 'message')) as [{ port: number }];
  return {
    url: `http://127.0.0.1:${port}`,
    async publish(messages: number): Promise<PublishReport> {
      hub.send({ messages: Math.ceil(messages), bytesEach: MESSAGE_BYTES } satisfies PublishCommand);
      const [report] = (await once(hub, 'message')) as [PublishReport];
      return report;
    },
  };
}
