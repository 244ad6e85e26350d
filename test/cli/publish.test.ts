import assert from 'node:assert/strict';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { runCli, startCli, startServe } from '../support/cli.ts';
import { makeDirectory } from '../support/directory.ts';

interface Read {
  readonly messages: readonly { id: string; data: unknown; type?: string }[];
}

async function read(url: string, channel: string): Promise<Read> {
  return (await fetch(`${url}/channels/${channel}?after=start`)).json() as Promise<Read>;
}

test('DATA is published as JSON if it is JSON, else as text', async (t) => {
  const { url } = await startServe(t);
  for (const [args, data] of [
    [['{"a": [1, null]}'], { a: [1, null] }],
    [['12'], 12],
    [['12', '--text'], '12'],
    [['hello there'], 'hello there'],
  ] as const) {
    const { code, stdout, stderr } = await runCli(t, ['publish', 'c', ...args, '--verbose', '--url', url]);
    assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
    const newest = (await read(url, 'c')).messages.at(-1)!;
    assert.deepEqual(newest.data, data);
    assert.equal(stdout.trim(), newest.id);
  }
});

test('each line of stdin is a message, in order, with its type', async (t) => {
  const { url } = await startServe(t);
  const lines = Array.from({ length: 1500 }, (_, index) => index);
  const input = `${lines.join('\n')}\nplain text\n\n{"last":"ohne Umbruch: é"}`;
  const { code, stderr } = await runCli(t, ['publish', 'log', '--type', 'line', '--url', url], { input });
  assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
  const { messages } = await read(url, 'log');
  // The channel keeps 1,000.
  const expected = [...lines, 'plain text', '', { last: 'ohne Umbruch: é' }].slice(-1000);
  assert.deepEqual(
    messages.map(({ data }) => data),
    expected,
  );
  assert.ok(messages.every(({ type }) => type === 'line'));
});

test('lines that the hub does not take at once are sent in parts', async (t) => {
  const directory = await makeDirectory(t);
  const config = join(directory, 'fanwire.config.json');
  await writeFile(config, JSON.stringify({ limits: { messagesPerRequest: 7, bodyBytes: 40 } }));
  const { url } = await startServe(t, ['--config', config]);
  const lines = Array.from({ length: 20 }, (_, index) => `line ${index}`);
  const { code, stderr } = await runCli(t, ['publish', 'log', '--url', url], { input: lines.join('\n') });
  assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
  assert.deepEqual(
    (await read(url, 'log')).messages.map(({ data }) => data),
    lines,
  );
  const { code: refused, stderr: why } = await runCli(t, ['publish', 'log', '--url', url], {
    input: `short\n${'x'.repeat(50)}\n`,
  });
  assert.equal(refused, 1);
  assert.match(why, /bodyBytes.*body_too_large/);
});

test('a server that is away is waited for, and nothing is published twice', async (t) => {
  const first = await startServe(t);
  const port = new URL(first.url).port;
  const publisher = startCli(t, ['publish', 'log', '--verbose', '--url', first.url]);
  publisher.process.stdin!.write('1\n');
  await publisher.nextLine();
  first.process.kill('SIGTERM');
  assert.equal((await first.ended).code, 0);
  publisher.process.stdin!.write('2\n3\n');
  await publisher.says(/cannot reach .*trying again/);
  const second = await startServe(t, ['--port', port]);
  await publisher.nextLine();
  await publisher.nextLine();
  publisher.process.stdin!.end('4\n');
  const { code } = await publisher.ended;
  assert.equal(code, 0);
  const { messages } = await read(second.url, 'log');
  assert.deepEqual(
    messages.map(({ data }) => data),
    [2, 3, 4],
  );
});

test('an answer that was lost is asked for again under the same key', async (t) => {
  const keys: unknown[] = [];
  const url = await startFake(t, async (request, response) => {
    keys.push(request.headers['idempotency-key']);
    assert.equal(await text(request), '"a line"');
    // The first answer never arrives.
    if (keys.length === 1) request.socket.destroy();
    else if (keys.length === 2) response.writeHead(503, { 'Retry-After': '0' }).end();
    else response.writeHead(201).end('{"ids":["e.1"]}');
  });
  const { code, stdout } = await runCli(t, ['publish', 'c', '--verbose', '--url', url], {
    input: 'a line\n',
  });
  assert.deepEqual({ code, stdout }, { code: 0, stdout: 'e.1\n' });
  assert.equal(keys.length, 3);
  assert.equal(new Set(keys).size, 1);
});

test('a refusal ends it with the hub’s own words', async (t) => {
  const { url } = await startServe(t, [], { FANWIRE_SECRET: 's'.repeat(32) });
  for (const args of [
    ['publish', 'c', '1'],
    ['publish', 'c'],
  ]) {
    const { code, stderr } = await runCli(t, [...args, '--url', url], { input: '1\n' });
    assert.equal(code, 1);
    assert.match(stderr, /^fanwire: .*token.*\(unauthenticated\)$/m);
  }
});

test('a single message is not waited for: nobody there is an error', async (t) => {
  const url = await startFake(t, () => {});
  const { port } = new URL(url);
  await new Promise((resolve) => fakes.get(url)!.close(resolve));
  const { code, stderr } = await runCli(t, ['publish', 'c', '1', '--url', url]);
  assert.equal(code, 1);
  assert.equal(stderr, `fanwire: cannot reach http://127.0.0.1:${port}: nothing listens there\n`);
});

const fakes = new Map<string, ReturnType<typeof createServer>>();

async function startFake(
  t: TestContext,
  answer: (request: IncomingMessage, response: ServerResponse) => unknown,
): Promise<string> {
  const server = createServer((request, response) => void answer(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  fakes.set(url, server);
  return url;
}
