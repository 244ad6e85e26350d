/** One node in a process of its own. Arguments: the engine's name and port, and the port to listen on. */
import { createHub } from '../../src/index.ts';
import { ENGINES } from './engines.ts';

const [name, enginePort, port] = process.argv.slice(2);
const engine = ENGINES.find((one) => one.name === name)!;

const hub = createHub({
  log: engine.openLog(Number(enginePort)),
  heartbeatMs: 1000,
  presenceLingerMs: 3000,
  onConnect: ({ client }) => hub.publish('clients', `connect ${client}`),
  onDisconnect: ({ client }) => hub.publish('clients', `disconnect ${client}`),
  // Outages are what these tests are about.
  onError: () => {},
});
const listening = await hub.listen({ port: Number(port) });

process.on('message', async (channel: string) => {
  process.send!({ occupancy: await hub.occupancy(channel) });
});
process.on('disconnect', () => process.exit());
process.send!({ port: listening.port });
