import type { ClientOptions } from './options.ts';
import type { TransportName } from './transports/transport.ts';

const KEEP_MS = 10 * 60_000;

/** What worked here lately, kept for the next page. */
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
    read: () =>
      attempt((storage) => {
        const [transport, at] = (storage.getItem(key) ?? '').split(' ');
        return Date.now() - Number(at) < KEEP_MS ? (transport as TransportName) : undefined;
      }),
    write: (transport) => attempt((storage) => storage.setItem(key, `${transport} ${Date.now()}`)),
  };
}
