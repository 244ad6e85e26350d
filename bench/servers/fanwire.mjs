// The whole product: hub, log in memory with its retention, cursors, accounts. Its argument is an object of further options.
import { createHub } from '../../dist/index.js';
import { drive } from './publisher.mjs';

const hub = createHub({
  limits: {
    connectionsPerAddress: 100_000,
    publishesPerSecond: 1_000_000,
    publishBytesPerSecond: 1_000_000_000,
  },
  ...JSON.parse(process.argv[2] ?? '{}'),
});
const { port } = await hub.listen({ port: 0 });
drive(port, async (data, channel = 'scores') => (await hub.publish(channel, data)).id);
