import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SignJWT } from 'jose';
import { checkConfig } from '../../src/config/check.ts';
import { memoryLog } from '../../src/index.ts';
import { openResponse, post, send } from '../support/http.ts';
import { publishAll, startHub } from '../support/hub.ts';
import { allBlocks, placeOf } from './markdown.ts';

for (const block of allBlocks('json')) {
  const value = JSON.parse(block.text);
  const name = placeOf(block);
  if (block.kind === 'json config') testConfig(name, value);
  else if ('gap' in value) testGap(name, block.text);
  else if ('fanwire' in value) testClaim(name, value);
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
