import assert from 'node:assert/strict';
import { once } from 'node:events';
import fc from 'fast-check';
import { GraphQLError } from 'graphql';
import { WebSocket } from 'ws';
import { InvalidDocument } from '../../../src/graphql/errors.ts';
import { Documents } from '../../../src/graphql/operation/documents.ts';
import { optionsOf } from '../../../src/graphql/options.ts';
import { readClientMessage } from '../../../src/graphql/websocket/client-message.ts';
import { cuts, mutated } from '../mutated.ts';
import { target, unlessRefused } from '../target.ts';
import { check, post, sharedHub } from './network.ts';

const JSON_DEPTH = 64;

const INIT = '{"type":"connection_init","payload":{"at":1}}';
const OPERATIONS = [
  '{"query":"subscription ($a: Position) { channel(names: [\\"a\\"], after: $a) { ... on Message { id data } ... on Gap { reason } } }","variables":{"a":"start"}}',
  '{"query":"{ messages(channels: [\\"a\\", \\"b\\"], last: 3) { messages { ...m } gaps { from to } position more } } fragment m on Message { id time x: data }"}',
  '{"query":"mutation P($d: JSON!) { publish(channel: \\"a\\", data: $d, type: \\"t\\", idempotencyKey: \\"k\\") { id } }","operationName":"P","variables":{"d":{"home":[1,null]}}}',
  '{"query":"query A { __typename } query B { __schema { types { name } } }","operationName":"B","extensions":{}}',
];
const MESSAGES = [
  INIT,
  ...OPERATIONS.map((payload, id) => `{"id":"${id}","type":"subscribe","payload":${payload}}`),
  '{"id":"1","type":"complete"}',
  '{"type":"ping","payload":{"at":1}}',
  '{"type":"pong"}',
];
const ACK = '{"type":"connection_ack"}';
const LAST = '{"type":"ping","payload":{"last":1}}';
const documents = new Documents(optionsOf({}));

/** Operations whose documents are changed, and, now and then, what stands around one. */
const conversation = fc.array(
  fc.oneof(
    {
      weight: 3,
      arbitrary: fc
        .tuple(fc.constantFrom(...OPERATIONS), fc.nat(3), fc.integer({ min: 0, max: 2 }))
        .chain(([operation, id, most]) => {
          const { query, ...rest } = JSON.parse(operation);
          return mutated([query], most).map((changed) =>
            JSON.stringify({ id: `${id}`, type: 'subscribe', payload: { query: changed, ...rest } }),
          );
        }),
    },
    mutated(MESSAGES, 1),
  ),
  { minLength: 1, maxLength: 4 },
);

/** Sends them to a hub that has let the client in, and resolves once the connection has ended. */
async function converse(messages: readonly string[]): Promise<void> {
  const { port, faults } = await sharedHub();
  const socket = new WebSocket(`ws://127.0.0.1:${port}/graphql`, 'graphql-transport-ws');
  socket.on('error', () => {});
  socket.on('open', () => socket.send(INIT));
  socket.on('message', (data) => {
    const text = String(data);
    if (text === ACK) for (const message of [...messages, LAST]) socket.send(message);
    // By now what the operations came to has been sent, or they wait for a log in memory.
    else if (text.includes('"last"')) setImmediate(() => socket.close());
  });
  await once(socket, 'close');
  assert.deepEqual(faults, [], 'the hub reported faults');
}

export const graphqlTargets = [
  target('messages of graphql-transport-ws', mutated(MESSAGES), (text) => {
    const message = unlessRefused(['invalid_frame', 'invalid_parameter', 'json_too_deep'], () => {
      return readClientMessage(Buffer.from(text), JSON_DEPTH);
    });
    if (message?.type === 'complete') assert.ok(message.id.length > 0);
    if (message?.type !== 'subscribe') return;
    assert.ok(message.id.length > 0);
    try {
      unlessRefused(['query_too_complex'], () => documents.operation(message.payload));
    } catch (error) {
      // What its client is told in GraphQL's own words.
      assert.ok(error instanceof InvalidDocument || error instanceof GraphQLError, String(error));
    }
  }),
  target(
    'operations of GraphQL on the wire',
    fc.tuple(mutated(OPERATIONS, 3), cuts),
    ([text, at]) => check(Buffer.from(post('/graphql', 'application/json', text)), at),
    0.015,
  ),
  target('conversations of graphql-transport-ws on the wire', conversation, converse, 0.03),
];
