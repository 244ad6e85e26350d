import type { WebTransportOffer } from '../protocol/frames.ts';
import type { TransportName } from '../protocol/transport-name.ts';
import type { ClientOptions } from './options.ts';

/** The transport that worked last, kept for the next page, which tries it first; and what the hub offered for it. */
export interface Remembered {
  read(): [TransportName?, WebTransportOffer?];
  write(transport: TransportName, offer?: WebTransportOffer): void;
}

export function createRemembered(option: ClientOptions['storage'], endpoint: string): Remembered {
  const key = `fanwire ${endpoint}`;
  /** Storage may be forbidden or full. Even to read the property `localStorage` may throw. */
  const attempt = <T>(use: (storage: Pick<Storage, 'getItem' | 'setItem'>) => T): T | undefined => {
    try {
      // By `window`, because Node warns when its experimental `localStorage` is touched without a file.
      const storage = option === undefined ? globalThis.window?.localStorage : option;
      return storage ? use(storage) : undefined;
    } catch {
      return undefined;
    }
  };
  return {
    // What an earlier version kept is no JSON: it is forgotten.
    read: () => attempt((storage) => JSON.parse(storage.getItem(key)!)) ?? [],
    write: (...worked) => attempt((storage) => storage.setItem(key, JSON.stringify(worked))),
  };
}
