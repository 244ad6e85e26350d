import { failureOf } from '../failure.ts';
import type { Link, Transport } from './transport.ts';

/** The code is loaded once it is used: few networks let it be, and every page would carry it. */
export const webtransport: Transport = {
  name: 'webtransport',
  streaming: true,
  open(port) {
    let link: Link | undefined;
    let closed = false;
    import('./webtransport-link.ts')
      .then(({ open }) => {
        if (!closed) link = open(port);
      })
      .catch((error) => port.lost(failureOf(error, 'unsupported')));
    return {
      send: (frames) => link?.send?.(frames),
      refresh: () => link?.refresh(),
      close() {
        closed = true;
        link?.close();
      },
    };
  },
};
