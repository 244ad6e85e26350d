import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { type FanwireHub, memoryLog } from '../../src/index.ts';
import { absentLog } from '../support/absent-log.ts';
import { startHub } from '../support/hub.ts';
import { watchOccupancy } from '../support/occupancy.ts';
import { openRawSocket, type RawSocket } from '../support/raw-socket.ts';
import { allBlocks, placeOf } from './markdown.ts';
import { assertAsShown, type Step, stepsOf } from './transcript.ts';

for (const block of allBlocks('http')) {
  test(`${placeOf(block)}: a real hub answers as shown`, { timeout: 10_000 }, (t) =>
    run(t, stepsOf(block.text)),
  );
}

async function run(t: TestContext, steps: readonly Step[]): Promise<void> {
  const events = steps.flatMap(({ mark, lines }) => (mark === '*' ? lines : []));
  const retain = events.find(isRetain);
  const occupancy = watchOccupancy();
  const { hub, port } = await startHub(t, {
    log: events.includes(LOG_AWAY) ? absentLog() : memoryLog({ epoch: 'k3f9' }),
    channels: retain ? { '*': { retain: { count: Number(retain.split(' ')[1]) } } } : {},
    ...occupancy.options,
  });
  const socket = openRawSocket(t, port);
  let body: Body | undefined;

  for (const [index, { mark, lines }] of steps.entries()) {
    if (mark === '>') {
      await body?.end();
      body = undefined;
      const parked = steps[index + 1]?.mark === '*' ? occupancy.occupied() : undefined;
      socket.write(requestOf(lines, port));
      // What happens elsewhere then finds a request that waits.
      await parked;
    } else if (mark === '<') {
      const shown = [...lines];
      body ??= await readHead(socket, shown);
      for (const line of shown) assertAsShown(line, await body.nextLine());
    } else {
      await happen(hub, lines[0]!);
    }
  }
  await body?.end();
}

const LOG_AWAY = 'the log is away';

function isRetain(event: string): boolean {
  return event.startsWith('retain ');
}

async function happen(hub: FanwireHub, event: string): Promise<void> {
  if (isRetain(event) || event === LOG_AWAY) return;
  const [, channel, data] = /^publish (\S+) (.+)$/.exec(event) ?? assert.fail(`not an event: ${event}`);
  await hub.publish(channel!, JSON.parse(data!));
}

/** The bytes of a request, with the two headers that every client sends by itself. */
function requestOf(lines: readonly string[], port: number): string {
  const blank = lines.indexOf('');
  const head = blank === -1 ? lines : lines.slice(0, blank);
  const body = blank === -1 ? '' : lines.slice(blank + 1).join('\n');
  const implied = [
    `Host: 127.0.0.1:${port}`,
    ...(body ? [`Content-Length: ${Buffer.byteLength(body)}`] : []),
  ];
  return [...head, ...implied, '', body].join('\r\n');
}

interface Body {
  nextLine(): Promise<string>;
  /** Holds a body of known length to having been shown to its end. */
  end(): Promise<void>;
}

/** Compares status and headers, and takes them from what is shown. */
async function readHead(socket: RawSocket, shown: string[]): Promise<Body> {
  const [status = '', ...headers] = (await socket.readThrough('\r\n\r\n')).trimEnd().split('\r\n');
  assertAsShown(shown.shift()!, status);
  for (let line = shown.shift(); line; line = shown.shift()) {
    const name = line.slice(0, line.indexOf(':') + 1);
    assertAsShown(line, headers.find((header) => header.startsWith(name)) ?? `no ${name}`);
  }
  if (headers.includes('Transfer-Encoding: chunked')) return chunkedBody(socket);
  const length = headers.find((header) => header.startsWith('Content-Length: '))?.split(' ')[1];
  return wholeBody((await socket.read(Number(length ?? 0))).toString());
}

function wholeBody(text: string): Body {
  const lines = text === '' ? [] : text.replace(/\n$/, '').split('\n');
  return {
    nextLine: async () => lines.shift() ?? assert.fail('the body has ended'),
    end: async () => assert.deepEqual(lines, [], 'the body is shown whole'),
  };
}

/** A stream: it goes on, so that only what is shown is read of it. */
function chunkedBody(socket: RawSocket): Body {
  let text = '';
  return {
    async nextLine() {
      while (!text.includes('\n')) {
        const size = Number.parseInt(await socket.readThrough('\r\n'), 16);
        text += (await socket.read(size)).toString();
        await socket.read(2);
      }
      const line = text.slice(0, text.indexOf('\n'));
      text = text.slice(line.length + 1);
      return line;
    },
    end: async () => assert.equal(text, '', 'what came of the stream is shown'),
  };
}
