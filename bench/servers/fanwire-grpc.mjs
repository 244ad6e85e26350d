// The whole product with its gRPC: what its calls are sent is published by the program.
import { grpc } from '../../dist/grpc/index.js';
import { createHub } from '../../dist/index.js';
import { drive } from './publisher.mjs';

const hub = createHub({ endpoints: [grpc()], limits: { connectionsPerAddress: 100_000 } });
const { port } = await hub.listen({ port: 0 });
drive(port, async (data) => (await hub.publish('scores', data)).id);
