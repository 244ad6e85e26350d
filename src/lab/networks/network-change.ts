import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { reset } from '../middlebox/treatments.ts';
import type { Network } from './network.ts';

/** As long as a phone takes from one network to the next. */
const TUNNEL_MS = 1500;
const OTHER_ADDRESSES = ['127.0.0.2', '127.0.0.3'];

export const networkChange: Network = {
  name: 'network-change',
  title: 'Change of network',
  does: 'Is left for another one, with another address.',
  nodes: 1,
  changes: `Every connection is cut without a word to the hub; nothing passes for ${TUNNEL_MS / 1000} s; then the hub sees another address.`,
  open: async ([node], _, place) => ({ box: await place(node!) }),
  async change(ways) {
    const heal = ways.map(({ box }) => {
      box.desertAll();
      const ends = [box.use(reset), box.datagrams?.dropAll()];
      return () => {
        for (const end of ends) end?.();
      };
    });
    await wait(TUNNEL_MS);
    for (const [index, { box }] of ways.entries()) {
      box.from = await otherAddress(box.from);
      heal[index]!();
    }
  },
};

/** Linux has all of 127.0.0.0/8, others what they were given: there the port alone is another. */
async function otherAddress(than: string | undefined): Promise<string | undefined> {
  const address = OTHER_ADDRESSES.find((each) => each !== than)!;
  const server = createServer().listen(0, address);
  try {
    await once(server, 'listening');
    return address;
  } catch {
    return undefined;
  } finally {
    server.close();
  }
}
