/*
 * graphql-ws and graphql-sse alone, as their documents begin: a schema executed by graphql-js, and an emitter of Node's for a PubSub.
 * The schema is fanwire's own, so that both are asked the same.
 */
import { EventEmitter, on } from 'node:events';
import { createServer } from 'node:http';
import { buildSchema } from 'graphql';
import { createHandler } from 'graphql-sse/lib/use/http';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import { SDL } from '../../dist/graphql/index.js';
import { drive } from './publisher.mjs';

const events = new EventEmitter().setMaxListeners(0);
const schema = buildSchema(SDL);
const { channel } = schema.getSubscriptionType().getFields();
channel.subscribe = (_, { names: [name] }) => on(events, name);
channel.resolve = ([data]) => ({ __typename: 'Message', data });

const server = createServer(createHandler({ schema }));
// Without the pings by which it would end subscribers that answer none, as the load does not.
useServer({ schema }, new WebSocketServer({ server, path: '/graphql' }), 0);
server.listen(0, '127.0.0.1', () =>
  drive(server.address().port, (data) => {
    events.emit('scores', data);
  }),
);
