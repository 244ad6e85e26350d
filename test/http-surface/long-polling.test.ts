import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { ScriptedLog } from '../hub/support/scripted-log.ts';
import { openResponse, send } from '../support/http.ts';
import { publishAll, startHub } from '../support/hub.ts';
import { watchOccupancy } from '../support/occupancy.ts';
import { openRawSocket } from '../support/raw-socket.ts';

for (const [how, query, headers] of [
  ['Prefer: wait', '', { prefer: 'wait=30' }],
  ['?wait', '&wait=30', {}],
] as const) {
  test(`${how} parks a request until there is a message`, async (t) => {
    const occupancy = watchOccupancy();
    const { hub, url } = await startHub(t, occupancy.options);
    const { id: after } = await hub.publish('scores', 'before');
    const parked = occupancy.occupied();
    const answering = send(`${url}/channels/scores?after=${after}${query}`, { headers });
    await parked;
    const { id } = await hub.publish('scores', 'new');
    const answer = await answering;
    assert.equal(answer.status, 200);
    const { messages, position } = answer.json();
    assert.deepEqual([messages.length, messages[0]?.data, position], [1, 'new', id]);
  });

  test(`${how} is answered at once with all there is`, async (t) => {
    const { hub, url } = await startHub(t);
    const [after, ...ids] = await publishAll(hub, 'scores', [1, 2, 3]);
    const answer = await send(`${url}/channels/scores?after=${after}${query}`, { headers });
    assert.deepEqual(
      answer.json().messages.map(({ id }: { id: string }) => id),
      ids,
    );
  });
}

test('at the limit the answer is an empty list and the same position', async (t) => {
  const { hub, url } = await startHub(t);
  const { id } = await hub.publish('scores', 1);
  const answer = await send(`${url}/channels/scores?after=${id}&wait=1`);
  assert.equal(answer.status, 200);
  assert.deepEqual(answer.json(), { messages: [], position: id, gaps: [], more: false });
});

test('the preference that was applied is echoed', async (t) => {
  const { hub, url } = await startHub(t);
  await hub.publish('scores', 1);
  const path = `${url}/channels/scores?after=start`;
  const applied = async (prefer: string) =>
    (await send(path, { headers: { prefer } })).headers['preference-applied'];
  assert.equal(await applied('wait=7'), 'wait=7');
  assert.equal(await applied('respond-async, wait=7'), 'wait=7');
  assert.equal(await applied('wait="7"'), 'wait=7');
  assert.equal(await applied('Wait = 7; foo=bar'), 'wait=7');
  assert.equal(await applied('return=minimal'), undefined);
});

test('a wait above the cap is cut to it, and the answer says so', async (t) => {
  const { hub, url } = await startHub(t, { limits: { waitSeconds: 1 } });
  const { id } = await hub.publish('scores', 1);
  const answer = await send(`${url}/channels/scores?after=${id}`, { headers: { prefer: 'wait=3600' } });
  assert.equal(answer.headers['preference-applied'], 'wait=1');
  assert.deepEqual(answer.json().messages, []);
});

test('without after it waits from now', async (t) => {
  const occupancy = watchOccupancy();
  const { hub, url } = await startHub(t, occupancy.options);
  await hub.publish('scores', 'before');
  const parked = occupancy.occupied();
  let answered = false;
  const answering = send(`${url}/channels/scores?wait=30`).finally(() => {
    answered = true;
  });
  await parked;
  while (!answered) {
    await hub.publish('scores', 'after');
    await new Promise(setImmediate);
  }
  const { messages } = (await answering).json();
  assert.ok(messages.length > 0);
  assert.ok(messages.every(({ data }: { data: unknown }) => data === 'after'));
});

test('a client that goes away while it is parked is forgotten at once', async (t) => {
  const occupancy = watchOccupancy();
  const { hub, url, port } = await startHub(t, occupancy.options);
  const { id } = await hub.publish('scores', 1);
  const parked = occupancy.occupied();
  const socket = openRawSocket(t, port);
  socket.write(`GET /channels/scores?after=${id}&wait=50 HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`);
  await parked;
  assert.match((await send(`${url}/metrics`)).text, /transport="long-polling"\} 1\b/);
  const vacated = occupancy.vacated();
  socket.destroy();
  await vacated;
  assert.equal([...hub.connections()].length, 0);
  assert.doesNotMatch(
    (await send(`${url}/metrics`)).text,
    /connections\{[^}]*transport="long-polling"[^}]*\} [1-9]/,
  );
});

test('one message answers every parked request', async (t) => {
  const occupancy = watchOccupancy();
  const { hub, url } = await startHub(t, occupancy.options);
  const { id: after } = await hub.publish('scores', 0);
  const occupied = occupancy.occupied();
  const answers = Array.from({ length: 50 }, () => send(`${url}/channels/scores?after=${after}&wait=30`));
  await occupied;
  const { id } = await hub.publish('scores', 1);
  for (const answer of await Promise.all(answers)) assert.equal(answer.json().position, id);
});

test('a parked request is not cacheable', async (t) => {
  const { hub, url } = await startHub(t, { pollCacheSeconds: 10 });
  await hub.publish('scores', 1);
  const response = await openResponse(`${url}/channels/scores?after=start&wait=10`);
  response.resume();
  assert.match(response.headers['cache-control'] ?? '', /no-store|no-cache|private/);
});

test('while its channels are followed a request is parked after one read, unless the log was interrupted meanwhile', async (t) => {
  const log = new ScriptedLog();
  const { hub, url } = await startHub(t, { log });
  // Those who polled a moment ago are told of, too, with an id below 0.
  const parked = () => hub.connections().filter(({ id }) => id >= 0);
  async function park(reads: number, meanwhile = () => {}) {
    const answering = send(`${url}/channels/scores?after=now&wait=30`);
    for (let read = 0; read < reads; read++) {
      await log.asked();
      if (read === 0) meanwhile();
      log.answerReads();
    }
    while (parked().length === 0) await turn();
    return answering;
  }
  for (const [value, [reads, meanwhile]] of (
    [[2], [1], [2, () => log.interrupt()], [1]] as [number, (() => void)?][]
  ).entries()) {
    const answering = park(reads, meanwhile);
    while (!parked().some(({ lagging }) => !lagging)) await turn();
    await turn();
    await hub.publish('scores', value);
    log.tell();
    const { messages } = (await answering).json();
    assert.deepEqual(
      messages.map(({ data }: { data: number }) => data),
      [value],
    );
  }
});
