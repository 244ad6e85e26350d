import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SignJWT } from 'jose';
import { checkConfig } from '../../src/config/check.ts';
import { memoryLog } from '../../src/index.ts';
import { openResponse, post, send } from '../support/http.ts';
import { publishAll, startHub, webTransportPortOf } from '../support/hub.ts';
import { openLines } from '../support/webtransport-lines.ts';
import { allBlocks, placeOf } from './markdown.ts';

for (const block of allBlocks('json')) {
  const value = JSON.parse(block.text);
  const name = placeOf(block);
  if (block.kind === 'json config') testConfig(name, value);
  else if ('gap' in value) testGap(name, block.text);
  else if ('fanwire' in value) testClaim(name, value);
  else if ('heartbeat' in value) testHeartbeat(name, block.text);
  else test(name, () => assert.fail('there is nothing real to compare it with'));
}

function testConfig(name: string, value: unknown): void {
  test(`${name}: the configuration can be served`, () => {
    const checked = checkConfig(value);
    assert.deepEqual(checked.ok ? [] : checked.faults, []);
  });
}

function testGap(name: string, line: string): void {
  test(`${name}: a hub announces a gap in these very bytes`, async (t) => {
    const { hub, url } = await startHub(t, {
      log: memoryLog({ epoch: 'k3f9' }),
      channels: { scores: { retain: { count: 1 } } },
    });
    await publishAll(hub, 'scores', [1, 2, 3, 4, 5, 6, 7, 8]);
    const response = await openResponse(`${url}/channels/scores?after=k3f9.2`, {
      headers: { accept: 'application/x-ndjson' },
    });
    let text = '';
    for await (const chunk of response) if ((text += chunk).includes('"data"')) break;
    assert.equal(text.trimStart().split('\n')[0], line.trim());
  });
}

function testHeartbeat(name: string, line: string): void {
  test(`${name}: a hub says so in these very bytes on the stream of a subscription`, async (t) => {
    const { hub, url } = await startHub(t, { log: memoryLog({ epoch: 'k3f9' }), heartbeatMs: 1000 });
    await hub.publish('chat', 'hello');
    const session = await openLines(t, `https://127.0.0.1:${await webTransportPortOf(url)}/connect`);
    const frames = await session.open();
    await frames.write('{"hello":{"client":"4f1a90b2c7"}}');
    await frames.write('{"ref":1,"subscribe":{"channel":"chat"}}');
    const stream = await session.next();
    assert.equal(await stream.read(), '{"ref":1,"ok":{"position":"k3f9.1"}}');
    assert.equal(await stream.read(), line.trim());
  });
}

function testClaim(name: string, claim: { fanwire: { read: string[]; publish: string[] } }): void {
  test(`${name}: a token with the claim opens what it names, and nothing else`, async (t) => {
    const secret = 'the secret of the documents, 32 bytes or more';
    const { url } = await startHub(t, { authorise: { secret } });
    const token = await new SignJWT(claim)
      .setProtectedHeader({ alg: 'HS256' })
      .sign(new TextEncoder().encode(secret));
    const headers = { authorization: `Bearer ${token}` };
    const exampleOf = (pattern: string) => pattern.replaceAll('*', 'example');

    for (const pattern of claim.fanwire.read) {
      assert.equal((await send(`${url}/channels/${exampleOf(pattern)}`, { headers })).status, 200, pattern);
    }
    for (const pattern of claim.fanwire.publish) {
      const answer = await send(`${url}/channels/${exampleOf(pattern)}`, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'text/plain' },
        body: 'hello',
      });
      assert.equal(answer.status, 201, pattern);
    }
    assert.equal((await send(`${url}/channels/another`, { headers })).status, 403);
    assert.equal((await post(url, exampleOf(claim.fanwire.publish[0]!), 'without a token')).status, 401);
  });
}
