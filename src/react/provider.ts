import { createContext, createElement, type ReactElement, type ReactNode, useContext, useState } from 'react';
import type { Client } from '../client/index.ts';

/** Where hooks get the client from; the first that asks has it made. */
export type ClientSource = () => Client;

export interface FanwireProviderProps {
  /** Or what makes one: called once, in the browser alone, when the first component wants it. */
  readonly client: Client | (() => Client);
  readonly children?: ReactNode;
}

const Context = createContext<ClientSource | undefined>(undefined);

/** Gives the hooks below it their client. Closing it stays with the application. */
export function FanwireProvider({ client, children }: FanwireProviderProps): ReactElement {
  const [held, setHeld] = useState(() => ({ client, source: sourceOf(client) }));
  // Of functions the first counts: one that is written in JSX is another at every render.
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
