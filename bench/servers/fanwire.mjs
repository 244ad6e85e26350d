// The whole product: hub, log in memory with its retention, cursors, accounts.
import { createHub } from '../../dist/index.js';
import { drive } from './publisher.mjs';

const hub = createHub({ limits: { connectionsPerAddress: 100_000, publishesPerSecond: 1_000_000 } });
const { port } = await hub.listen({ port: 0 });
drive(port, (data) => hub.publish('scores', data));
