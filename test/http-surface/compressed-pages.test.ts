import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import { send } from '../support/http.ts';
import { publishAll, startHub } from '../support/hub.ts';

const compression = { sharedWindow: true };

/** A page of history of more than a kilobyte. */
async function startWithHistory(t: TestContext, options: Parameters<typeof startHub>[1]) {
  const { hub, url } = await startHub(t, options);
  await publishAll(
    hub,
    'scores',
    Array.from({ length: 40 }, (_, index) => ({ home: index, away: 'a score' })),
  );
  return `${url}/channels/scores?after=start`;
}

const curl = async (...args: string[]) => (await promisify(execFile)('curl', ['-s', ...args])).stdout;

test('a large page comes with gzip to a client that takes it, under a weak tag, and is the same page', async (t) => {
  const page = await startWithHistory(t, { compression });
  const plain = await curl('-i', page);
  const [head, body] = plain.split('\r\n\r\n') as [string, string];
  assert.match(head, /^Vary: .*Accept-Encoding\r?$/m);
  assert.doesNotMatch(head, /^Content-Encoding/m);
  assert.equal(await curl('--compressed', page), body);
  const { headers, status } = await send(page, { headers: { 'accept-encoding': 'gzip' } });
  assert.deepEqual([status, headers['content-encoding']], [200, 'gzip']);
  assert.ok(Number(headers['content-length']) < body.length / 4, headers['content-length']);
  assert.match(headers.etag!, /^W\/"/);
  // A parked request that finds a page is answered with it at once.
  const waiting = await send(page, { headers: { 'accept-encoding': 'gzip', prefer: 'wait=5' } });
  assert.equal(waiting.headers['content-encoding'], 'gzip');
  const again = await send(page, { headers: { 'accept-encoding': 'gzip', 'if-none-match': headers.etag! } });
  assert.deepEqual([again.status, /Accept-Encoding/.test(again.headers.vary!)], [304, true]);
});

test('a page is not compressed that is small, of a channel that takes no part, or of a hub that compresses each message alone', async (t) => {
  const page = await startWithHistory(t, { compression });
  const alone = await startWithHistory(t, { compression: true });
  const secret = await startWithHistory(t, { compression, channels: { scores: { sharedWindow: false } } });
  for (const url of [`${page}&limit=1`, alone, secret]) {
    const { headers } = await send(url, { headers: { 'accept-encoding': 'gzip' } });
    assert.equal(headers['content-encoding'], undefined, url);
  }
});
