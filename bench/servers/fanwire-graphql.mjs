// The whole product with its GraphQL: what its subscriptions deliver is published by the program.
import { graphql } from '../../dist/graphql/index.js';
import { createHub } from '../../dist/index.js';
import { drive } from './publisher.mjs';

const hub = createHub({ endpoints: [graphql()], limits: { connectionsPerAddress: 100_000 } });
const { port } = await hub.listen({ port: 0 });
drive(port, async (data) => (await hub.publish('scores', data)).id);
