import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { WebSocket } from 'ws';
import { graphql } from '../../src/graphql/index.ts';
import { bearer, Members, startRooms, untilOpen } from '../hub/support/rights.ts';
import { onEnd } from '../support/on-end.ts';

const subscriptionOf = (room: string) =>
  `subscription { channel(names: ["room.${room}"]) { ... on Message { data } } }`;
const FORBIDDEN = 'not allowed to read room.lobby: neither its rule nor a grant allows it';

test('a subscription over a WebSocket whose right is withdrawn ends with the reason, and another goes on', async (t) => {
  const members = new Members('lobby ada', 'attic ada');
  const { hub, url } = await startRooms(t, members, { endpoints: [graphql()] });
  const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', {
    headers: await bearer('ada'),
  });
  onEnd(t, () => socket.terminate());
  const answers: { type: string; id: string; payload: unknown }[] = [];
  const arrived = async (count: number) => {
    while (answers.length < count) await once(socket, 'message');
  };
  socket.on('message', (data) => answers.push(JSON.parse(String(data))));
  await once(socket, 'open');
  socket.send(JSON.stringify({ type: 'connection_init' }));
  await arrived(1);
  for (const id of ['lobby', 'attic']) {
    socket.send(JSON.stringify({ id, type: 'subscribe', payload: { query: subscriptionOf(id) } }));
  }
  while (hub.connections()[0]?.channels.length !== 2) await new Promise(setImmediate);
  members.remove('lobby ada');
  await hub.recheck({ subject: 'ada' });
  await arrived(2);
  await hub.publish('room.lobby', 'not for ada');
  await hub.publish('room.attic', 'for ada');
  await arrived(3);
  assert.deepEqual(answers.slice(1), [
    { id: 'lobby', type: 'error', payload: [{ message: FORBIDDEN, extensions: { code: 'forbidden' } }] },
    { id: 'attic', type: 'next', payload: { data: { channel: { data: 'for ada' } } } },
  ]);
});

test('a subscription over SSE whose right is withdrawn says why it ends', async (t) => {
  const members = new Members('lobby ada');
  const { hub, url } = await startRooms(t, members, { endpoints: [graphql()] });
  const { body } = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { ...(await bearer('ada')), accept: 'text/event-stream', 'content-type': 'application/json' },
    body: JSON.stringify({ query: subscriptionOf('lobby') }),
  });
  await untilOpen(hub, 1);
  members.remove('lobby ada');
  await hub.recheck();
  const [, result] = /event: next\ndata: (.*)\n\nevent: complete\n/.exec(await new Response(body).text())!;
  assert.deepEqual(JSON.parse(result!).errors, [{ message: FORBIDDEN, extensions: { code: 'forbidden' } }]);
});
