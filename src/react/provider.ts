import { createContext, createElement, type ReactElement, type ReactNode, useContext, useState } from 'react';
import type { Client } from '../client/index.ts';

/** Gives hooks the client, and makes it when the first hook asks. */
export type ClientSource = () => Client;

export interface FanwireProviderProps {
  /** A client, or a function that makes one. The function is called once, in the browser alone, when a hook first needs the client. */
  readonly client: Client | (() => Client);
  readonly children?: ReactNode;
}

const Context = createContext<ClientSource | undefined>(undefined);

/**
 * Gives the hooks below it their client. The provider does not close the client: that is left to the application.
 *
 * @example
 * ```tsx
 * import { connect } from 'fanwire/client';
 * import { FanwireProvider } from 'fanwire/react';
 * import { createRoot } from 'react-dom/client';
 *
 * const client = () => connect('/');
 * createRoot(document.body).render(
 *   <FanwireProvider client={client}>
 *     <p>Components with hooks stand here.</p>
 *   </FanwireProvider>,
 * );
 * ```
 */
export function FanwireProvider({ client, children }: FanwireProviderProps): ReactElement {
  const [held, setHeld] = useState(() => ({ client, source: sourceOf(client) }));
  // Only the first function counts, because a function that is written in JSX is another at every render.
  if (typeof client !== 'function' && client !== held.client) setHeld({ client, source: sourceOf(client) });
  return createElement(Context.Provider, { value: held.source }, children);
}

/** @throws Error without a `FanwireProvider` above */
export function useClientSource(): ClientSource {
  const source = useContext(Context);
  if (!source) throw new Error('fanwire/react: put a <FanwireProvider client={…}> above this component');
  return source;
}

function sourceOf(client: Client | (() => Client)): ClientSource {
  if (typeof client !== 'function') return () => client;
  let made: Client | undefined;
  return () => (made ??= client());
}
