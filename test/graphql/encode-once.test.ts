import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { WebSocket } from 'ws';
import { eventFormatsOf } from '../../src/graphql/event-formats.ts';
import type { Format } from '../../src/hub/delivery/format.ts';
import { onEnd } from '../support/on-end.ts';
import { startGraphQL } from './support/ask.ts';

const SOCKETS = 10;
const OPERATIONS = 100;
/** The same said in two ways. */
const QUERIES = [
  'subscription { channel(names: ["a"]) { ... on Message { once: data id } } }',
  'subscription S($n: [String!]!) { channel(names: $n) { ...F ...F } } fragment F on Message { ... { once: data } id }',
];

test('an event is executed once for a thousand operations that want the same of it', async (t) => {
  const selection = {
    root: 'channel',
    message: [
      ['once', 'data'],
      ['id', 'id'],
    ],
    gap: [],
  } as const;
  const results = eventFormatsOf(selection).results as { encode: Format['encode'] };
  const { encode } = results;
  let encoded = 0;
  results.encode = (item) => {
    encoded += 1;
    return encode(item);
  };
  onEnd(t, () => Object.assign(results, { encode }));

  const { hub, endpoint } = await startGraphQL(t);
  const got = new Map<string, string>();
  let wake = () => {};
  for (let at = 0; at < SOCKETS; at++) {
    const socket = new WebSocket(endpoint.replace('http', 'ws'), 'graphql-transport-ws');
    onEnd(t, () => socket.terminate());
    socket.on('message', (bytes) => {
      const { type, id, payload } = JSON.parse(String(bytes));
      if (type === 'next') got.set(id, JSON.stringify(payload));
      wake();
    });
    await once(socket, 'open');
    socket.send('{"type":"connection_init"}');
    await once(socket, 'message');
    for (let operation = 0; operation < OPERATIONS; operation++) {
      const payload = { query: QUERIES[operation % 2], variables: { n: ['a'] } };
      socket.send(JSON.stringify({ id: `${at}/${operation}`, type: 'subscribe', payload }));
    }
    // Its pong comes once all of them have begun.
    socket.send('{"type":"ping"}');
    await once(socket, 'message');
  }
  assert.equal(hub.connections().length, SOCKETS);
  const { id } = await hub.publish('a', { text: 'once' });
  while (got.size < SOCKETS * OPERATIONS) {
    await new Promise<void>((resolve) => {
      wake = resolve;
    });
  }
  assert.deepEqual(
    new Set(got.values()),
    new Set([JSON.stringify({ data: { channel: { once: { text: 'once' }, id } } })]),
  );
  assert.equal(encoded, 1);
});
