import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { runCli, startServe } from '../support/cli.ts';

test('it says where it listens and how to watch and publish, and both work', async (t) => {
  const serve = await startServe(t);
  assert.match(serve.url, /^http:\/\/127\.0\.0\.1:\d+$/);
  assert.match(await serve.nextLine(), /curl -N .*\/channels\/console:computer$/);
  assert.match(await serve.nextLine(), /curl --json .*\/channels\/hello$/);
  assert.equal((await fetch(`${serve.url}/healthz`)).status, 200);
});

test('this computer’s load, memory and event-loop delay are on a channel of the console', async (t) => {
  const { url } = await startServe(t);
  const answer = await fetch(`${url}/channels/console:computer?wait=20`);
  const { messages } = (await answer.json()) as { messages: { data: Record<string, unknown> }[] };
  const { load, memory, eventLoopDelayMs } = messages[0]!.data;
  assert.ok(Number(load) >= 0 && Number(load) <= 1);
  const { usedBytes, totalBytes } = memory as { usedBytes: number; totalBytes: number };
  assert.ok(usedBytes > 0 && usedBytes < totalBytes);
  assert.ok(Number(eventLoopDelayMs) >= 0);
  const forged = await fetch(`${url}/channels/console:computer`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"load":0}',
  });
  assert.equal(forged.status, 403);
});

test('a port that is taken is told in a sentence', async (t) => {
  const { url } = await startServe(t);
  const { port } = new URL(url);
  const { code, stderr } = await runCli(t, ['serve', '--port', port]);
  assert.equal(code, 1);
  assert.match(stderr, new RegExp(`port ${port} of 127\\.0\\.0\\.1 is taken`));
});

test('an address that others can reach is refused without authorisation, unless --anonymous is given', async (t) => {
  const { code, stderr } = await runCli(t, ['serve', '--host', '0.0.0.0', '--port', '0']);
  assert.equal(code, 1);
  assert.match(stderr, /authorise.*--anonymous/);
  const serve = await startServe(t, ['--host', '0.0.0.0', '--anonymous']);
  assert.match(serve.url, /^http:\/\/0\.0\.0\.0:\d+$/);
});

test('the first signal lets clients go and ends with exit code 0', async (t) => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    const serve = await startServe(t);
    const abort = new AbortController();
    const stream = await fetch(`${serve.url}/channels/c`, {
      headers: { accept: 'text/event-stream' },
      signal: abort.signal,
    });
    const body = stream.body!.getReader();
    await body.read();
    // Twice at once, as a terminal and npm do it together.
    serve.process.kill(signal);
    serve.process.kill(signal);
    assert.equal((await serve.ended).code, 0);
    abort.abort();
  }
});

test('the command line goes before the config file', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'fanwire-serve-'));
  t.after(() => rm(folder, { recursive: true }));
  const file = join(folder, 'config.mjs');
  await writeFile(file, "export default { port: 1, host: '0.0.0.0', console: false, basePath: '/realtime' }");
  const serve = await startServe(t, ['--config', file, '--host', '127.0.0.1']);
  assert.equal((await fetch(`${serve.url}/realtime/healthz`)).status, 200);
  assert.equal((await fetch(`${serve.url}/`)).status, 404);
});

test('the page is served with a strict policy, compressed, and revalidated', async (t) => {
  const { url } = await startServe(t);
  for (const [path, type] of [
    ['/', 'text/html; charset=utf-8'],
    ['/main.js', 'text/javascript; charset=utf-8'],
    ['/style.css', 'text/css; charset=utf-8'],
  ] as const) {
    const answer = await fetch(`${url}${path}`);
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get('content-type'), type);
    assert.equal(answer.headers.get('content-encoding'), 'gzip');
    assert.match(answer.headers.get('content-security-policy')!, /^default-src 'none'; script-src 'self'/);
    assert.doesNotMatch(answer.headers.get('content-security-policy')!, /unsafe/);
    const etag = answer.headers.get('etag')!;
    assert.equal((await fetch(`${url}${path}`, { headers: { 'if-none-match': etag } })).status, 304);
  }
  const post = await fetch(`${url}/`, { method: 'POST' });
  assert.deepEqual([post.status, post.headers.get('allow')], [405, 'GET, HEAD']);
  assert.equal((await fetch(`${url}/nothing`)).status, 404);
});
