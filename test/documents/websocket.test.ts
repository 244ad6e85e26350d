import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { memoryLog } from '../../src/index.ts';
import { openSession, openStreamWebSocket } from '../support/http2.ts';
import { startHub } from '../support/hub.ts';
import { OPCODE, openRawWebSocket, type RawWebSocket } from '../support/raw-websocket.ts';
import { allBlocks, placeOf } from './markdown.ts';
import { isAsShown, stepsOf } from './transcript.ts';

for (const block of allBlocks('websocket')) {
  test(`${placeOf(block)}: a real hub answers as shown`, { timeout: 10_000 }, (t) =>
    run(t, block.text, (port, path) => openRawWebSocket(t, port, path)),
  );
  test(`${placeOf(block)}: it does so over HTTP/2`, { timeout: 10_000 }, (t) =>
    run(t, block.text, async (port, path) => {
      const session = openSession(t, `http://127.0.0.1:${port}`);
      return (await openStreamWebSocket(`http://127.0.0.1:${port}${path}`, {}, session)).webSocket;
    }),
  );
}

type Open = (port: number, path: string) => Promise<RawWebSocket>;

async function run(t: TestContext, text: string, open: Open): Promise<void> {
  const [, path, transcript] = /^connect (\S+)\n([\s\S]*)$/.exec(text) ?? assert.fail('it does not connect');
  const { port } = await startHub(t, {
    log: memoryLog({ epoch: 'k3f9' }),
    requests: { add: (data) => add(data as { a: number; b: number }) },
  });
  const webSocket = await open(port, path!);
  for (const { mark, lines } of stepsOf(transcript!)) {
    if (mark === '>') for (const line of lines) webSocket.write(OPCODE.text, line);
    // An answer and the message that it is about may come in either order.
    const expected = new Set(mark === '<' ? lines : []);
    while (expected.size > 0) {
      const actual = (await webSocket.readFrameOf(OPCODE.text)).payload.toString();
      const shown = [...expected].find((line) => isAsShown(line, actual));
      if (shown === undefined) assert.equal(actual, [...expected].join('\n'));
      else expected.delete(shown);
    }
  }
}

function add({ a, b }: { a: number; b: number }): number {
  return a + b;
}
