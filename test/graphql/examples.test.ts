import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createClient as createSseClient } from 'graphql-sse';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { assertEndsConnected, startApplication } from '../examples/application.ts';
import { ask } from './support/ask.ts';

type Result = { readonly data?: Record<string, unknown> | null | undefined; readonly errors?: unknown };
/** Begins an operation with a client of its own. */
type Iterate = (
  url: string,
  query: string,
  variables: Record<string, unknown>,
) => AsyncIterableIterator<Result>;

const overWebSocket: Iterate = (url, query, variables) =>
  createClient({ url: url.replace('http', 'ws'), webSocketImpl: WebSocket }).iterate({ query, variables });

const overEvents: Iterate = (url, query, variables) => createSseClient({ url }).iterate({ query, variables });

const SUBSCRIPTION =
  'subscription ($position: ID) { newMessage(position: $position) { position text author } }';
const SAY = 'mutation ($text: String!) { say(text: $text, author: "ada") { position } }';

for (const [name, iterate, hasHttp] of [
  ['graphql-ws', overWebSocket, false],
  ['yoga', overEvents, true],
  ['apollo-server', overWebSocket, true],
  ['mercurius', overWebSocket, true],
] as const) {
  test(`examples/graphql/${name}.mjs: a subscription of one's own resumes from a position`, async (t) => {
    const application = await startApplication(t, [process.execPath, `examples/graphql/${name}.mjs`]);
    const { url } = application;
    const say = async (text: string) => {
      const operation = { query: SAY, variables: { text } };
      // A server of graphql-ws alone has no other way in.
      const { data } = hasHttp
        ? (await ask(url, operation)).json()
        : (await iterate(url, SAY, operation.variables).next()).value;
      return (data.say as { position: string }).position;
    };
    const textOf = (value: Result) => (value.data!.newMessage as { text: string }).text;
    const first = await say('one');
    const reading = iterate(url, SUBSCRIPTION, { position: 'start' });
    assert.deepEqual((await reading.next()).value.data.newMessage, {
      position: first,
      text: 'one',
      author: 'ada',
    });
    await say('two');
    assert.equal(textOf((await reading.next()).value), 'two');
    await reading.return?.();
    await say('three');
    const resumed = iterate(url, SUBSCRIPTION, { position: first });
    assert.deepEqual(
      [textOf((await resumed.next()).value), textOf((await resumed.next()).value)],
      ['two', 'three'],
    );
    await resumed.return?.();
    const live = iterate(url, SUBSCRIPTION, {});
    const next = live.next();
    // Nothing says when a subscription from now on has begun.
    let text = '';
    while (text === '') {
      await say('four');
      text = await Promise.race([
        next.then(({ value }) => textOf(value)),
        new Promise<string>((done) => setTimeout(done, 20, '')),
      ]);
    }
    assert.equal(text, 'four');
    await live.return?.();
    await assertEndsConnected(application);
  });
}
