import type { TransportName } from '../protocol/transport-name.ts';
import type { ClientOptions } from './options.ts';

/** What worked here last, kept for the next page: tried first there, at the cost of one look at what is better. */
export interface Remembered {
  read(): TransportName | undefined;
  write(transport: TransportName): void;
}

export function createRemembered(option: ClientOptions['storage'], endpoint: string): Remembered {
  const key = `fanwire ${endpoint}`;
  /** Storage may be forbidden or full, and even looking at `localStorage` may throw. */
  const attempt = <T>(use: (storage: Pick<Storage, 'getItem' | 'setItem'>) => T): T | undefined => {
    try {
      // Node warns when its experimental one is touched without a file to keep it in.
      const storage = option === undefined ? globalThis.window?.localStorage : option;
      return storage ? use(storage) : undefined;
    } catch {
      return undefined;
    }
  };
  return {
    read: () => attempt((storage) => storage.getItem(key) as TransportName | null) ?? undefined,
    write: (transport) => attempt((storage) => storage.setItem(key, transport)),
  };
}
