import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { startMiddlebox } from '../middlebox/middlebox.ts';
import { reset, type Treatment } from '../middlebox/treatments.ts';
import type { Network } from './network.ts';

/** As long as a phone takes from one network to the next. */
const TUNNEL_MS = 1500;
const OTHER_ADDRESS = '127.0.0.2';

export const networkChange: Network = {
  name: 'network-change',
  title: 'Change of network',
  does: 'Is left for another one, with another address.',
  nodes: 1,
  changes: `Every connection is cut without a word to the hub; nothing passes for ${TUNNEL_MS / 1000} s; then the hub sees another address.`,
  open: async ([node]) => ({ box: await startMiddlebox(node!.port) }),
  async change(ways) {
    for (const { box } of ways) {
      box.use(reset);
      box.desertAll();
    }
    await wait(TUNNEL_MS);
    const from = fromAddress(await otherAddress());
    for (const { box } of ways) box.use(from);
  },
};

function fromAddress(localAddress: string | undefined): Treatment {
  return ({ client, forward }) => {
    forward(undefined, { localAddress }).pipe(client);
  };
}

/** Linux has all of 127.0.0.0/8, others what they were given: there the port alone is another. */
async function otherAddress(): Promise<string | undefined> {
  const server = createServer().listen(0, OTHER_ADDRESS);
  try {
    await once(server, 'listening');
    return OTHER_ADDRESS;
  } catch {
    return undefined;
  } finally {
    server.close();
  }
}
