/** Of a type that a compiler leaves alone: it need not be installed. */
const PACKAGE: string = '@fanwire/webtransport/client';

/** What to do where it is missing. */
export const HOW_TO_GET_IT = 'npm install @fanwire/webtransport';

/** Undefined where the optional package is not installed. */
export async function loadWebTransport(): Promise<{ readonly WebTransport: unknown } | undefined> {
  try {
    return await import(PACKAGE);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_MODULE_NOT_FOUND') return undefined;
    throw error;
  }
}

/** Gives this process `WebTransport`, as browsers have it, where it can be had. */
export async function provideWebTransport(): Promise<void> {
  const loaded = await loadWebTransport();
  if (loaded) Object.assign(globalThis, { WebTransport: loaded.WebTransport });
}

export function hasWebTransport(): boolean {
  return 'WebTransport' in globalThis;
}
