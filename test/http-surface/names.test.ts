import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { post, send } from '../support/http.ts';
import { startHub } from '../support/hub.ts';
import { assertProblem } from '../support/problem.ts';

const ALLOWED = 'ABCXYZabcxyz0189._:-'.split('');

const validName = fc.string({ unit: fc.constantFrom(...ALLOWED), minLength: 1, maxLength: 200 });
/** At least one character that is not allowed; a comma would make two names. */
const invalidName = fc
  .tuple(
    fc.string({ unit: fc.constantFrom(...ALLOWED), maxLength: 20 }),
    fc
      .string({ unit: 'binary', minLength: 1, maxLength: 3 })
      .filter((text) => !/[A-Za-z0-9._:,-]/.test(text)),
    fc.string({ unit: fc.constantFrom(...ALLOWED), maxLength: 20 }),
  )
  .map((parts) => parts.join(''));

test('every name of 1 to 200 allowed characters is a channel', async (t) => {
  const { url } = await startHub(t);
  await fc.assert(
    // A name of dots alone is a path segment that URL parsers take away.
    fc.asyncProperty(
      validName.filter((name) => !/^\.{1,2}$/.test(name)),
      async (name) => {
        const { status } = await post(url, name, name);
        assert.equal(status, 201);
        const { messages } = (await send(`${url}/channels/${name}?last=1`)).json();
        assert.deepEqual([messages[0]?.channel, messages[0]?.data], [name, name]);
      },
    ),
    { numRuns: 100 },
  );
});

test('a name with any other character is a 400, for reading and for publishing', async (t) => {
  const { url } = await startHub(t);
  await fc.assert(
    fc.asyncProperty(invalidName, async (name) => {
      const path = encodeURIComponent(name);
      assertProblem(await send(`${url}/channels/${path}`), 400, 'invalid_channel');
      assertProblem(await post(url, path, 1), 400, 'invalid_channel');
    }),
    { numRuns: 100 },
  );
});

test('a name of 201 characters is a 400', async (t) => {
  const { url } = await startHub(t);
  assertProblem(await send(`${url}/channels/${'x'.repeat(201)}`), 400, 'invalid_channel');
});

test('an escaped character means the character', async (t) => {
  const { url } = await startHub(t);
  await post(url, 'chat%2Eroom%3a1', 'x');
  const { messages } = (await send(`${url}/channels/chat.room:1`)).json();
  assert.equal(messages[0]?.channel, 'chat.room:1');
});

test('an empty name among several is a 400', async (t) => {
  const { url } = await startHub(t);
  for (const names of ['a,,b', ',a', 'a,']) {
    assertProblem(await send(`${url}/channels/${names}`), 400, 'invalid_channel');
  }
});

test('a broken escape is a 400', async (t) => {
  const { url } = await startHub(t);
  assertProblem(await send(`${url}/channels/%ff`), 400, 'invalid_channel');
  assertProblem(await send(`${url}/channels/a%2`), 400, 'invalid_channel');
});

test('more channels than the limit are a 400 that names the limit', async (t) => {
  const { url } = await startHub(t);
  const names = Array.from({ length: 101 }, (_, index) => `c${index}`).join(',');
  const answer = await send(`${url}/channels/${names}`);
  assertProblem(answer, 400, 'too_many_channels');
  assert.match(answer.json().detail, /100/);
});

test('a channel named twice is read once', async (t) => {
  const { url, hub } = await startHub(t);
  await hub.publish('a', 1);
  const { messages } = (await send(`${url}/channels/a,a?after=start`)).json();
  assert.equal(messages.length, 1);
});

test('a base path moves everything under it and leaves the rest alone', async (t) => {
  const { url } = await startHub(t, { basePath: '/realtime' });
  assert.equal((await post(`${url}/realtime`, 'a', 1)).status, 201);
  assert.equal((await send(`${url}/realtime/channels/a`)).json().messages.length, 1);
  assert.equal((await send(`${url}/realtime/healthz`)).status, 200);
  assert.equal((await send(`${url}/channels/a`)).status, 404);
});
