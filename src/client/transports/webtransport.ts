import { createLineReader } from '../../wire/ndjson-reader.ts';
import { fromBase64 } from '../base64.ts';
import { errorOfClose, failureOf, TransportError } from '../failure.ts';
import { createWatchdog } from '../watchdog.ts';
import { MAX_FRAME_LENGTH } from './stream.ts';
import type { Link, Transport } from './transport.ts';

/** What the page has already, handed to the code that is loaded later: of imports that both have a bundler makes a third file. */
const LOADED = {
  createWatchdog,
  errorOfClose,
  failureOf,
  fromBase64,
  readerOfLines: (onLine: (line: string) => void) => createLineReader(onLine, MAX_FRAME_LENGTH),
  TransportError,
};
export type Loaded = typeof LOADED;

/** The code is loaded once it is used: few networks let it be, and every page would carry it. */
export const webtransport: Transport = {
  name: 'webtransport',
  streaming: true,
  open(port) {
    let link: Link | undefined;
    let closed = false;
    import('./webtransport-link.ts')
      .then(({ open }) => {
        if (!closed) link = open(port, LOADED);
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
