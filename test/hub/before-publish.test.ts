import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { WebSocket } from 'ws';
import { connect } from '../../src/client/index.ts';
import { publicId } from '../../src/hub/presence/public-id.ts';
import { FanwireError, type HubOptions, type PublishRequest } from '../../src/index.ts';
import { post, send } from '../support/http.ts';
import { startHub } from '../support/hub.ts';
import { assertProblem } from '../support/problem.ts';
import { connectSdk } from './support/sdk.ts';

/** Refuses rude messages, and dates all others. */
const beforePublish: HubOptions['beforePublish'] = async ({ channel, type, data, subject }) => {
  if (data === 'rude') throw new FanwireError('publish_refused', 'be kind');
  if (data === 'full') throw new FanwireError('too_many_publishes', 'later', { retryAfter: 3 });
  if (data === 'as it is') return undefined;
  return { type: 'dated', data: { channel, data, type: type ?? null, subject: subject ?? null } };
};

async function newest(url: string, channel = 'a') {
  const { messages } = (await send(`${url}/channels/${channel}?last=1`)).json();
  return messages[0];
}

test('it may change a message, and leave one as it is', async (t) => {
  const { url } = await startHub(t, { beforePublish });
  await post(url, 'a', 1);
  const { type, data } = await newest(url);
  assert.deepEqual([type, data], ['dated', { channel: 'a', data: 1, type: null, subject: null }]);
  await post(url, 'a', 'as it is');
  assert.equal((await newest(url)).data, 'as it is');
});

test('a change of the data alone keeps the type; an undefined type takes it away', async (t) => {
  const { url } = await startHub(t, {
    beforePublish: ({ data }) => (data === 'bare' ? { type: undefined, data } : { data: [data] }),
  });
  const client = connect(url);
  t.after(() => client.close());
  await client.publish('a', 1, { type: 'said' });
  await client.publish('a', 'bare', { type: 'said' });
  const { messages } = (await send(`${url}/channels/a?after=start`)).json();
  assert.deepEqual(
    messages.map(({ type, data }: { type?: string; data: unknown }) => [type, data]),
    [
      ['said', [1]],
      [undefined, 'bare'],
    ],
  );
});

test('it may refuse one, over HTTP, a channel’s WebSocket and the SDK’s endpoint', async (t) => {
  const { url } = await startHub(t, { beforePublish });
  const refusal = await post(url, 'a', 'rude');
  assertProblem(refusal, 422, 'publish_refused');
  assert.equal(refusal.json().detail, 'be kind');

  const socket = new WebSocket(`${url.replace('http', 'ws')}/channels/a`);
  t.after(() => socket.terminate());
  socket.on('open', () => socket.send('"rude"'));
  const error = await new Promise((resolve) => {
    socket.on('message', (data) => {
      const frame = JSON.parse(String(data));
      if (frame.error) resolve(frame.error);
    });
  });
  assert.deepEqual(error, { code: 'publish_refused', detail: 'be kind' });

  const sdk = await connectSdk(t, url);
  const answer = await sdk.ask({ ref: 1, publish: { channel: 'a', data: 'rude' } });
  assert.deepEqual(answer.error, { code: 'publish_refused', detail: 'be kind' });
  assert.equal(await newest(url), undefined);
});

test('what else it throws is a fault: its words are for onError, once in a while, and not for the client', async (t) => {
  const faults: unknown[] = [];
  const fault = new Error('connect ECONNREFUSED 10.0.0.7:5432');
  const { url } = await startHub(t, {
    onError: (error) => faults.push(error),
    beforePublish() {
      throw fault;
    },
  });
  for (let asked = 0; asked < 3; asked++) {
    const refusal = await post(url, 'a', 1);
    assertProblem(refusal, 422, 'publish_refused');
    assert.doesNotMatch(refusal.text, /ECONNREFUSED|10\.0/);
  }
  assert.deepEqual(faults, [fault]);
});

test('a FanwireError of its own is told as it is', async (t) => {
  const { url } = await startHub(t, { beforePublish });
  const answer = await post(url, 'a', 'full');
  assertProblem(answer, 429, 'too_many_publishes');
  assert.equal(answer.headers['retry-after'], '3');
});

test('the program’s own publishes do not pass it', async (t) => {
  const { hub, url } = await startHub(t, { beforePublish });
  await hub.publish('a', 'rude');
  assert.equal((await newest(url)).data, 'rude');
});

test('a retry is answered with the first id, though what it returns has changed since', async (t) => {
  let count = 0;
  const { url } = await startHub(t, { beforePublish: () => ({ data: ++count }) });
  const publish = () =>
    send(`${url}/channels/a`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': 'k' },
      body: '1',
    });
  assert.equal((await publish()).json().id, (await publish()).json().id);
  assert.equal((await newest(url)).data, 1);
});

test('what it returns that no message can be is its own fault, and is told as the hub’s', async (t) => {
  const faults: unknown[] = [];
  const { url } = await startHub(t, {
    beforePublish: () => ({ data: undefined }),
    onError: (fault) => faults.push(fault),
  });
  assertProblem(await post(url, 'a', 1), 500, 'internal');
  assert.ok(faults[0] instanceof TypeError);
});

test('a type that would break a stream, taken from a client’s data say, is not published', async (t) => {
  const faults: unknown[] = [];
  const { url } = await startHub(t, {
    beforePublish: ({ data }) => ({ type: String(data), data }),
    onError: (fault) => faults.push(fault),
  });
  assert.equal((await post(url, 'a', 'fine')).status, 201);
  assertProblem(await post(url, 'a', 'x\ndata: forged'), 500, 'internal');
  assert.match(String(faults[0]), /beforePublish/);
  assert.equal((await newest(url)).data, 'fine');
});

test('it is told who publishes, from where and with which headers, whatever the wire', async (t) => {
  const asked: PublishRequest[] = [];
  const { url } = await startHub(t, { beforePublish: (request) => void asked.push(request) });
  const headers = { 'x-tenant': 'blue', 'content-type': 'application/json' };
  await send(`${url}/channels/a`, { method: 'POST', headers, body: '1' });
  const socket = new WebSocket(`${url.replace('http', 'ws')}/channels/a`, { headers });
  t.after(() => socket.terminate());
  await once(socket, 'open');
  const acknowledged = new Promise<void>((resolve) => {
    socket.on('message', (data) => JSON.parse(String(data)).ack && resolve());
  });
  socket.send('2');
  await acknowledged;
  const client = 'ada-and-her-tab';
  await send(`${url}/connect`, {
    method: 'POST',
    headers,
    body: JSON.stringify([{ hello: { client } }, { ref: 1, publish: { channel: 'a', data: 3 } }]),
  });
  const from = publicId(client, undefined);
  assert.deepEqual(
    asked.map(({ data, client, from, address, headers }) => [
      data,
      client,
      from,
      address,
      headers['x-tenant'],
    ]),
    [
      [1, undefined, undefined, '127.0.0.1', 'blue'],
      [2, undefined, undefined, '127.0.0.1', 'blue'],
      [3, client, from, '127.0.0.1', 'blue'],
    ],
  );
  assert.equal((await newest(url)).from, from);
});

test('where a rule says so, a message does not say who published it', async (t) => {
  const { url } = await startHub(t, { channels: { 'votes.*': { from: false } } });
  const sdk = await connectSdk(t, url);
  await sdk.ask({ ref: 1, publish: { channel: 'votes.1', data: 'yes' } });
  assert.equal('from' in (await newest(url, 'votes.1')), false);
});

test('another subject is another publisher: the answer to its token says as whom it goes on', async (t) => {
  const { url } = await startHub(t, {
    authorise: ({ token }) => ({ read: true, publish: true, ...(token && { subject: token }) }),
  });
  const client = 'ada-and-her-tab';
  const sdk = await connectSdk(t, url, { client });
  await sdk.ask({ ref: 1, publish: { channel: 'a', data: 1 } });
  assert.equal((await newest(url)).from, publicId(client, undefined));
  const answer = await sdk.ask({ ref: 2, token: 'ada' });
  assert.deepEqual(answer.ok, { from: publicId(client, 'ada') });
  await sdk.ask({ ref: 3, publish: { channel: 'a', data: 2 } });
  assert.equal((await newest(url)).from, publicId(client, 'ada'));
});
