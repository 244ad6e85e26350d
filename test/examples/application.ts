import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import net from 'node:net';
import { createInterface } from 'node:readline';
import type { TestContext } from 'node:test';
import { connect } from '../../src/client/index.ts';
import { post, send } from '../support/http.ts';
import { onEnd } from '../support/on-end.ts';
import { type OpenReader, takeMessages } from '../support/readers/reader.ts';
import { openSse } from '../support/readers/sse.ts';
import { openWebSocket } from '../support/readers/websocket.ts';

export interface Application {
  readonly child: ChildProcess;
  readonly url: string;
  readonly ended: Promise<readonly [code: number | null, signal: string | null]>;
}

export interface Starting {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts an example as its reader would; resolves once it has said where it listens. */
export async function startApplication(
  t: TestContext,
  [command, ...args]: readonly [string, ...string[]],
  { cwd = '.', env = {} }: Starting = {},
): Promise<Application> {
  const child = spawn(command, args, {
    cwd,
    env: { ...process.env, PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
    // A group of its own: `next dev` is ended with its children.
    detached: true,
  });
  const ended = once(child, 'exit') as Promise<[number | null, string | null]>;
  onEnd(t, () => {
    if (child.exitCode === null && child.signalCode === null) process.kill(-child.pid!, 'SIGKILL');
    return ended;
  });
  const lines = createInterface(child.stdout);
  const listening = new Promise<string>((resolve) => {
    lines.on('line', (line) => {
      const [url] = /https?:\/\/\S+\b/.exec(line) ?? [];
      if (url) resolve(url);
    });
  });
  const failed = ended.then((end) => assert.fail(`${command} ${args.join(' ')} ended with ${end}`));
  return { child, url: await Promise.race([listening, failed]), ended };
}

/** Asserts that it ends when it is told to. */
export async function assertEnds({ child, ended }: Application, code = 0): Promise<void> {
  child.kill('SIGTERM');
  assert.deepEqual(await ended, [code, null]);
}

/** Asserts that it ends, though a connection is open that has asked for nothing yet: browsers connect ahead of need. */
export async function assertEndsConnected(application: Application): Promise<void> {
  const { hostname, port } = new URL(application.url);
  const spare = net.connect(Number(port), hostname);
  await once(spare, 'connect');
  // How its connection ends is the server's choice.
  spare.on('error', () => {});
  await assertEnds(application);
  spare.destroy();
}

export interface Expected {
  /** Where its hub is, on its server. */
  readonly basePath?: string;
  readonly webSocket: boolean;
}

/** Asserts that it serves its own route, and a hub to everybody: curl, EventSource, WebSocket, and the client of the SDK. */
export async function assertServes(
  { url }: Pick<Application, 'url'>,
  { basePath = '', webSocket }: Expected,
): Promise<void> {
  const hub = url + basePath;
  const hello = await send(`${url}/hello`);
  assert.deepEqual([hello.status, hello.text], [200, 'Hello, visitor 1']);
  assert.equal((await send(`${url}/nothing`)).status, 404);

  const open: OpenReader[] = webSocket ? [openSse, openWebSocket] : [openSse];
  const readers = await Promise.all(
    open.map((openReader) => openReader(hub, { channels: ['greetings', 'scores'], after: 'start' })),
  );
  assert.equal((await post(hub, 'scores', { home: 1 })).status, 201);
  // Without WebSockets it finds by itself what else works.
  const fanwire = connect(hub, webSocket ? { transports: ['websocket'] } : {});
  const scores = fanwire.subscribe('scores', { after: 'start' })[Symbol.asyncIterator]();
  await fanwire.publish('scores', { home: 2 });
  const published = [{ greeted: 1 }, { home: 1 }, { home: 2 }];

  for (const reader of readers) {
    const messages = await takeMessages(reader, published.length);
    assert.deepEqual(
      messages.map(({ data }) => data),
      published,
    );
    reader.close();
  }
  for (const data of published.slice(1)) assert.deepEqual((await scores.next()).value?.data, data);
  fanwire.close();
}
