import assert from 'node:assert/strict';
import { STATUS_CODES } from 'node:http';
import { type TestContext, test } from 'node:test';
import { type FanwireHub, memoryLog } from '../../src/index.ts';
import { absentLog } from '../support/absent-log.ts';
import { type Http2Response, openSession, requestOn } from '../support/http2.ts';
import { startHub } from '../support/hub.ts';
import { watchOccupancy } from '../support/occupancy.ts';
import { openRawSocket, type RawSocket, rawSocketOf } from '../support/raw-socket.ts';
import { allBlocks, placeOf } from './markdown.ts';
import { assertAsShown, type Step, stepsOf } from './transcript.ts';

for (const block of allBlocks('http')) {
  const steps = stepsOf(block.text);
  test(`${placeOf(block)}: a real hub answers as shown`, { timeout: 10_000 }, (t) =>
    run(t, steps, (port) => overHttp1(t, port)),
  );
  test(`${placeOf(block)}: it does so over HTTP/2`, { timeout: 10_000 }, (t) =>
    run(t, steps, (port) => overHttp2(t, port)),
  );
}

/** What requests go over. */
interface Carrier {
  send(request: ShownRequest): void;
  readAnswer(): Promise<ReceivedAnswer>;
}

interface ShownRequest {
  /** The request line, and headers. */
  readonly head: readonly string[];
  readonly body: string;
}

interface ReceivedAnswer {
  /** As HTTP/1.1 writes it. */
  readonly status: string;
  header(name: string): string | undefined;
  readonly body: Body;
}

async function run(
  t: TestContext,
  steps: readonly Step[],
  openCarrier: (port: number) => Carrier,
): Promise<void> {
  const events = steps.flatMap(({ mark, lines }) => (mark === '*' ? lines : []));
  const retain = events.find(isRetain);
  const occupancy = watchOccupancy();
  const { hub, port } = await startHub(t, {
    log: events.includes(LOG_AWAY) ? absentLog() : memoryLog({ epoch: 'k3f9' }),
    channels: retain ? { '*': { retain: { count: Number(retain.split(' ')[1]) } } } : {},
    ...occupancy.options,
  });
  const carrier = openCarrier(port);
  let body: Body | undefined;

  for (const [index, { mark, lines }] of steps.entries()) {
    if (mark === '>') {
      await body?.end();
      body = undefined;
      const parked = steps[index + 1]?.mark === '*' ? occupancy.occupied() : undefined;
      carrier.send(requestOf(lines));
      // What happens elsewhere then finds a request that waits.
      await parked;
    } else if (mark === '<') {
      const shown = [...lines];
      body ??= await readHead(carrier, shown);
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

function requestOf(lines: readonly string[]): ShownRequest {
  const blank = lines.indexOf('');
  return blank === -1
    ? { head: lines, body: '' }
    : { head: lines.slice(0, blank), body: lines.slice(blank + 1).join('\n') };
}

interface Body {
  nextLine(): Promise<string>;
  /** Holds a body of known length to having been shown to its end. */
  end(): Promise<void>;
}

/** Compares status and headers, and takes them from what is shown. */
async function readHead(carrier: Carrier, shown: string[]): Promise<Body> {
  const { status, header, body } = await carrier.readAnswer();
  assertAsShown(shown.shift()!, status);
  for (let line = shown.shift(); line; line = shown.shift()) {
    const name = line.slice(0, line.indexOf(':'));
    assertAsShown(line, `${name}: ${header(name) ?? 'it is missing'}`);
  }
  return body;
}

function overHttp1(t: TestContext, port: number): Carrier {
  const socket = openRawSocket(t, port);
  return {
    send({ head, body }) {
      // With the two headers that every client sends by itself.
      const length = body ? [`Content-Length: ${Buffer.byteLength(body)}`] : [];
      socket.write([...head, `Host: 127.0.0.1:${port}`, ...length, '', body].join('\r\n'));
    },
    async readAnswer() {
      const [status = '', ...lines] = (await socket.readThrough('\r\n\r\n')).trimEnd().split('\r\n');
      const headers = Object.fromEntries(lines.map((line) => line.split(/: (.*)/)));
      const length = Number(headers['Content-Length'] ?? 0);
      return {
        status,
        header: (name) => headers[name],
        body: headers['Transfer-Encoding']
          ? chunkedBody(socket)
          : wholeBody((await socket.read(length)).toString()),
      };
    },
  };
}

function overHttp2(t: TestContext, port: number): Carrier {
  const session = openSession(t, `http://127.0.0.1:${port}`);
  let asked: Promise<Http2Response>;
  return {
    send({ head: [line = '', ...headers], body }) {
      const [method = '', path = ''] = line.split(' ');
      const named = Object.fromEntries(headers.map((header) => header.split(/: (.*)/)));
      asked = requestOn(session, path, { method, headers: named, body });
    },
    async readAnswer() {
      const response = await asked;
      const { statusCode, headers } = response;
      const socket = rawSocketOf(response);
      const length = headers['content-length'];
      return {
        status: `HTTP/1.1 ${statusCode} ${STATUS_CODES[statusCode]}`,
        header: (name) => headers[name.toLowerCase()]?.toString(),
        body:
          length === undefined
            ? openBody(() => socket.readThrough('\n'))
            : wholeBody((await socket.read(Number(length))).toString()),
      };
    },
  };
}

function wholeBody(text: string): Body {
  const lines = text === '' ? [] : text.replace(/\n$/, '').split('\n');
  return {
    nextLine: async () => lines.shift() ?? assert.fail('the body has ended'),
    end: async () => assert.deepEqual(lines, [], 'the body is shown whole'),
  };
}

/** A stream: it goes on, so that only what is shown is read of it. */
function openBody(readLine: () => Promise<string>): Body {
  return {
    nextLine: async () => (await readLine()).replace(/\n$/, ''),
    async end() {},
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
