import type { TransportName } from '../protocol/transport-name.ts';
import type { ClientOptions } from './options.ts';

/** The transport that worked last, kept for the next page, which tries it first. */
export interface Remembered {
  read(): TransportName | undefined;
  write(transport: TransportName): void;
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
    read: () => attempt((storage) => storage.getItem(key) as TransportName | null) ?? undefined,
    write: (transport) => attempt((storage) => storage.setItem(key, transport)),
  };
}
