import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import { connectSdk } from '../hub/support/sdk.ts';
import { runCli, startCli, startServe } from '../support/cli.ts';
import { makeFastDirectory } from '../support/directory.ts';
import { openHttpStreaming } from '../support/readers/http-streaming.ts';
import { Disconnected, type OpenReader, type Reader } from '../support/readers/reader.ts';
import { openSse } from '../support/readers/sse.ts';
import { openWebSocket } from '../support/readers/websocket.ts';

const WORKERS = 3;
const READERS: readonly OpenReader[] = [openSse, openWebSocket, openHttpStreaming];

async function startWorkers(t: TestContext) {
  const log = `lmdb:${await makeFastDirectory(t)}`;
  return startServe(t, ['--workers', `${WORKERS}`, '--log', log, '--no-console']);
}

/** On a connection of its own, so that workers take turns. */
async function publish(url: string, value: number): Promise<void> {
  const answer = await fetch(`${url}/channels/c`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', connection: 'close' },
    body: `${value}`,
  });
  assert.equal(answer.status, 201);
}

/** One for each transport and worker, as connections are dealt out in turn. */
function openReaders(url: string): Promise<Reader[]> {
  const opening = READERS.flatMap((open) => Array.from({ length: WORKERS }, () => open));
  return Promise.all(opening.map((open) => open(url, { channels: ['c'], after: 'start' })));
}

async function take(reader: Reader, count: number): Promise<unknown[]> {
  const data: unknown[] = [];
  while (data.length < count) {
    const item = await reader.next();
    data.push(item.kind === 'message' ? item.message.data : item.gap);
  }
  return data;
}

async function workersOf(pid: number): Promise<number[]> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid=']);
  const lines = stdout.trim().split('\n');
  return lines
    .map((line) => line.trim().split(/\s+/).map(Number))
    .flatMap(([own, parent]) => (parent === pid ? own! : []));
}

test('a worker that is killed before all of them listen is replaced, too', async (t) => {
  const log = `lmdb:${await makeFastDirectory(t)}`;
  const cli = startCli(t, ['serve', '--port', '0', '--workers', '2', '--log', log, '--no-console']);
  let workers: number[] = [];
  while (workers.length === 0) workers = await workersOf(cli.process.pid!);
  process.kill(workers[0]!, 'SIGKILL');
  assert.match(await cli.nextLine(), /^fanwire listens on /);
  await cli.says(/worker 1 ended \(SIGKILL\); another takes its place/);
});

test('what is published on one worker reaches the subscribers of all, in one order', async (t) => {
  const { url } = await startWorkers(t);
  const readers = await openReaders(url);
  t.after(() => {
    for (const reader of readers) reader.close();
  });
  const nodes = new Set<string>();
  for (let value = 0; value < 30; value++) {
    await publish(url, value);
    const health = await fetch(`${url}/healthz`, { headers: { connection: 'close' } });
    nodes.add(((await health.json()) as { node: string }).node);
  }
  assert.equal(nodes.size, WORKERS);
  const expected = Array.from({ length: 30 }, (_, value) => value);
  for (const reader of readers) assert.deepEqual(await take(reader, 30), expected);
});

test('a worker that dies is replaced, and its clients go on from where they were', async (t) => {
  const serve = await startWorkers(t);
  const readers = await openReaders(serve.url);
  await publish(serve.url, 0);
  for (const reader of readers) assert.deepEqual(await take(reader, 1), [0]);

  const [victim] = await workersOf(serve.process.pid!);
  process.kill(victim!, 'SIGKILL');
  await serve.says(/worker \d ended \(SIGKILL\); another takes its place/);
  for (let value = 1; value < 20; value++) await publish(serve.url, value);

  const expected = Array.from({ length: 19 }, (_, value) => value + 1);
  const ends = await Promise.all(
    readers.map(async (reader, index) => {
      try {
        assert.deepEqual(await take(reader, 19), expected);
        reader.close();
        return 'lived';
      } catch (error) {
        if (!(error instanceof Disconnected)) throw error;
        const open = READERS[Math.floor(index / WORKERS)]!;
        const again = await open(serve.url, { channels: ['c'], after: reader.position });
        assert.deepEqual(await take(again, 19), expected);
        again.close();
        return 'moved';
      }
    }),
  );
  assert.ok(ends.includes('moved') && ends.includes('lived'), ends.join(' '));
  while ((await workersOf(serve.process.pid!)).length < WORKERS);
});

test('who is present is one list for all workers', async (t) => {
  const { url } = await startWorkers(t);
  const names = ['ada', 'bob', 'eve', 'joe', 'kim', 'liz'];
  for (const [index, name] of names.entries()) {
    const sdk = await connectSdk(t, url, { client: `${name}-and-her-tab` });
    await sdk.ask({ ref: index + 1, subscribe: { channel: 'room', presence: name } });
  }
  // A join is told of once all workers can know of it.
  for (let joins = 0, after = 'start'; joins < names.length; ) {
    const answer = await fetch(`${url}/channels/room:presence?after=${after}&wait=10`);
    const { messages, position } = (await answer.json()) as { messages: unknown[]; position: string };
    joins += messages.length;
    after = position;
  }
  for (let asked = 0; asked < 2 * WORKERS; asked++) {
    const headers = { connection: 'close' };
    const answer = await fetch(`${url}/channels/room/presence`, { headers });
    const { members } = (await answer.json()) as { members: { data: string }[] };
    assert.deepEqual(members.map(({ data }) => data).sort(), names);
  }
});

test('a signal lets the clients of all workers go, and ends with exit code 0', async (t) => {
  const serve = await startWorkers(t);
  const readers = await openReaders(serve.url);
  serve.process.kill('SIGTERM');
  for (const reader of readers) await assert.rejects(take(reader, 1), Disconnected);
  assert.equal((await serve.ended).code, 0);
});

test('workers are refused a log that they would not share', async (t) => {
  const { code, stderr } = await runCli(t, ['serve', '--workers', '2', '--port', '0']);
  assert.equal(code, 2);
  assert.match(stderr, /2 workers need a log that they share.*memory.*--log/);
});

test('what keeps a log from being opened is told once, however many workers there are', async (t) => {
  for (const workers of ['1', '2']) {
    const args = ['serve', '--port', '0', '--workers', workers, '--log', 'lmdb:/dev/null/log'];
    const { code, stderr } = await runCli(t, args);
    assert.equal(code, 1);
    assert.match(stderr, /^fanwire: the log in \/dev\/null\/log can't be opened: [^\n]*\n$/);
  }
});

test('a log that nobody knows is told with what there is', async (t) => {
  const { code, stderr } = await runCli(t, ['serve', '--log', 'redsi://127.0.0.1']);
  assert.equal(code, 2);
  assert.match(stderr, /"redsi" \(did you mean redis\?\).*lmdb:DIR/);
});
