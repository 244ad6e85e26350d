import type { HubOptions } from '../hub/options.ts';
import type { Loss } from '../lab/lost-packet/loss.ts';
import { measureLoss } from '../lab/lost-packet/measure-loss.ts';
import { FanwireError } from '../protocol/errors.ts';

/** A client that may read this may ask for it, because both are rights to `console:*`. */
const RIGHT = 'console:lost-packet';

/** The request of the lesson Beyond: a packet is lost for HTTP/2 and QUIC, in a process of its own. One at a time, and whoever asks meanwhile is given the same. */
export function lostPacketRequests(): NonNullable<HubOptions['requests']> {
  let running: Promise<Loss> | undefined;
  return {
    async [RIGHT](_, { access }) {
      if (!access.mayRead(RIGHT))
        throw new FanwireError('forbidden', 'this is for whoever may read console:*');
      running ??= measureLoss().finally(() => {
        running = undefined;
      });
      try {
        return await running;
      } catch (error) {
        throw new FanwireError('request_failed', `it can’t be measured: ${(error as Error).message}`);
      }
    },
  };
}
