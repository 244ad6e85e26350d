import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { type FanwireHub, memoryLog } from '../../src/index.ts';
import { startHub, webTransportPortOf } from '../support/hub.ts';
import { type Lines, openLines } from '../support/webtransport-lines.ts';
import { allBlocks, placeOf } from './markdown.ts';
import { assertAsShown, stepsOf } from './transcript.ts';

const DATAGRAM = 'datagram';
/** What is shown of a stream behind which nothing comes, as it is reset for example. */
const ENDS = '(ends)';

for (const block of allBlocks('webtransport')) {
  test(`${placeOf(block)}: a real hub answers as shown`, { timeout: 10_000 }, (t) => run(t, block.text));
}

async function run(t: TestContext, text: string): Promise<void> {
  const [, path, transcript] = /^connect (\S+)\n([\s\S]*)$/.exec(text) ?? assert.fail('it does not connect');
  const { hub, url } = await startHub(t, { log: memoryLog({ epoch: 'k3f9' }) });
  const session = await openLines(t, `https://127.0.0.1:${await webTransportPortOf(url)}${path}`);
  /** By the letters that they are shown with. */
  const streams = new Map<string, Lines>([[DATAGRAM, session.datagrams]]);

  for (const { mark, lines } of stepsOf(transcript!)) {
    if (mark === '*') {
      await happen(hub, lines[0]!);
      continue;
    }
    for (const line of lines) {
      const [, name = '', content = ''] = /^(\S+) (.*)$/.exec(line) ?? assert.fail(`no stream: ${line}`);
      let stream = streams.get(name);
      // It belongs to whoever writes on it first.
      stream ??= await (mark === '>' ? session.open() : session.next());
      streams.set(name, stream);
      if (mark === '>') await stream.write(content);
      else if (content === ENDS) assert.equal(await stream.read().catch(() => undefined), undefined);
      else assertAsShown(content, (await stream.read()) ?? assert.fail(`${name} ended before ${content}`));
    }
  }
}

async function happen(hub: FanwireHub, event: string): Promise<void> {
  const [, channel, data] = /^publish (\S+) (.+)$/.exec(event) ?? assert.fail(`not an event: ${event}`);
  await hub.publish(channel!, JSON.parse(data!));
}
