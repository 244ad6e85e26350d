import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { runCli, startCli, startServe } from '../support/cli.ts';

async function publish(url: string, channel: string, body: BodyInit, contentType = 'application/json') {
  const headers = { 'content-type': contentType };
  const response = await fetch(`${url}/channels/${channel}`, { method: 'POST', headers, body });
  assert.equal(response.status, 201);
  return ((await response.json()) as { id: string }).id;
}

for (const transport of ['auto', 'websocket', 'sse', 'http-streaming', 'long-polling', 'polling']) {
  test(`what is kept and what follows is printed a line each, by ${transport}`, async (t) => {
    const { url } = await startServe(t);
    const first = await publish(url, 'scores', '{"home":1}');
    const args = ['subscribe', 'scores', '--after', 'start', '--transport', transport, '--url', url];
    const subscriber = startCli(t, args);
    const { time, ...message } = JSON.parse(await subscriber.nextLine());
    assert.deepEqual(message, { id: first, channel: 'scores', data: { home: 1 } });
    assert.ok(Math.abs(Date.now() - time) < 60_000);
    await publish(url, 'scores', 'héllo', 'text/plain');
    assert.equal(JSON.parse(await subscriber.nextLine()).data, 'héllo');
    subscriber.process.kill('SIGINT');
    assert.deepEqual(await subscriber.ended.then(({ code, stderr }) => ({ code, stderr })), {
      code: 0,
      stderr: '',
    });
  });
}

test('several channels, from a position on, from the newest on', async (t) => {
  const { url } = await startServe(t);
  const first = await publish(url, 'a', '1');
  await publish(url, 'b', '2');
  await publish(url, 'a', '3');
  const after = startCli(t, ['subscribe', 'a,b', '--after', first, '--url', url]);
  const data = [JSON.parse(await after.nextLine()).data, JSON.parse(await after.nextLine()).data];
  assert.deepEqual(data.sort(), [2, 3]);
  const last = startCli(t, ['subscribe', 'a', '--last', '1', '--url', url]);
  assert.equal(JSON.parse(await last.nextLine()).data, 3);
});

test('bytes are printed as base64, and marked so', async (t) => {
  const { url } = await startServe(t);
  await publish(url, 'bytes', new Uint8Array([0, 255, 10]), 'application/octet-stream');
  const subscriber = startCli(t, ['subscribe', 'bytes', '--last', '1', '--url', url]);
  const { data, encoding } = JSON.parse(await subscriber.nextLine());
  assert.deepEqual({ data, encoding }, { data: 'AP8K', encoding: 'base64' });
});

test('a restart of the hub is survived, and what was lost is told as a gap', async (t) => {
  const first = await startServe(t);
  const { port } = new URL(first.url);
  await publish(first.url, 'c', '1');
  const subscriber = startCli(t, ['subscribe', 'c', '--after', 'start', '--url', first.url]);
  assert.equal(JSON.parse(await subscriber.nextLine()).data, 1);
  first.process.kill('SIGKILL');
  await first.ended;
  await subscriber.says(/fanwire: /);
  const second = await startServe(t, ['--port', port]);
  await publish(second.url, 'c', '2');
  const { gap } = JSON.parse(await subscriber.nextLine());
  assert.equal(gap.reason, 'epoch');
  assert.equal(JSON.parse(await subscriber.nextLine()).data, 2);
});

test('a channel that may not be read ends it with the hub’s own words', async (t) => {
  const { url } = await startServe(t, [], { FANWIRE_SECRET: 's'.repeat(32) });
  const { code, stderr } = await runCli(t, ['subscribe', 'c', '--url', url]);
  assert.equal(code, 1);
  assert.match(stderr, /token/);
});

test('the token that fanwire token makes is enough to publish and to read', async (t) => {
  const FANWIRE_SECRET = 's'.repeat(32);
  const { url } = await startServe(t, [], { FANWIRE_SECRET });
  const made = await runCli(t, ['token', '--read', 'c', '--publish', 'c'], { FANWIRE_SECRET });
  const FANWIRE_TOKEN = made.stdout.trim();
  assert.equal((await runCli(t, ['publish', 'c', '1', '--url', url], { FANWIRE_TOKEN })).code, 0);
  const subscriber = startCli(t, ['subscribe', 'c', '--last', '1', '--url', url], { FANWIRE_TOKEN });
  assert.equal(JSON.parse(await subscriber.nextLine()).data, 1);
});

test('it ends quietly when its reader has read enough', async (t) => {
  const { url } = await startServe(t);
  const subscriber = startCli(t, ['subscribe', 'c', '--after', 'start', '--url', url]);
  const head = spawn('head', ['-1']);
  subscriber.process.stdout!.pipe(head.stdin);
  const [output] = await Promise.all([
    text(head.stdout),
    publish(url, 'c', '1'),
    once(head, 'close').then(() => subscriber.process.stdout!.destroy()),
  ]);
  assert.equal(JSON.parse(output).data, 1);
  await publish(url, 'c', '2');
  const { code, stderr } = await subscriber.ended;
  assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
});
