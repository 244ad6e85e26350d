/** One node in a process of its own. Arguments: the engine's name and port, and what a call to it may take in milliseconds. */
import { createHub } from '../../src/index.ts';
import { ENGINES } from './engines.ts';

const [name, enginePort, timeoutMs] = process.argv.slice(2);
const engine = ENGINES.find((one) => one.name === name)!;

const hub = createHub({
  log: engine.openLog(Number(enginePort), Number(timeoutMs)),
  heartbeatMs: 1000,
  presenceLingerMs: 3000,
  onConnect: ({ client }) => hub.publish('clients', `connect ${client}`),
  onDisconnect: ({ client }) => hub.publish('clients', `disconnect ${client}`),
  // Outages are what these tests are about.
  onError: () => {},
});
const listening = await hub.listen({ port: 0 });

process.on('message', async (channel: string) => {
  // The engine may be late with its answer: whoever wants to know asks again.
  process.send!({ occupancy: await hub.occupancy(channel).catch(() => undefined) });
});
process.on('disconnect', () => process.exit());
process.send!({ port: listening.port });
