import {
  createContext,
  createElement,
  type ReactElement,
  type ReactNode,
  useContext,
  useEffect,
  useState,
} from 'react';
import type { Client } from '../client/index.ts';

/** Gives hooks the client, and makes it when the first hook asks. */
export type ClientSource = () => Client;

export interface FanwireProviderProps {
  /**
   * A client, which the application closes, or a function that makes one, which the provider closes when it is unmounted. The
   * function is called once, in the browser alone, when a hook first needs the client.
   */
  readonly client: Client | (() => Client);
  readonly children?: ReactNode;
}

/** How a provider comes by its client, and whether it has to close it. */
interface Held {
  readonly given: FanwireProviderProps['client'];
  readonly source: ClientSource;
  /** Keeps the client until the returned function is called. */
  keep(): () => void;
}

const Context = createContext<ClientSource | undefined>(undefined);

/**
 * Gives the hooks below it their client.
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
  const [held, setHeld] = useState(() => hold(client));
  // Only the first function counts, because a function that is written in JSX is another at every render.
  if (typeof client !== 'function' && client !== held.given) setHeld(hold(client));
  useEffect(() => held.keep(), [held]);
  return createElement(Context.Provider, { value: held.source }, children);
}

/** @throws Error without a `FanwireProvider` above */
export function useClientSource(): ClientSource {
  const source = useContext(Context);
  if (!source) throw new Error('fanwire/react: put a <FanwireProvider client={…}> above this component');
  return source;
}

function hold(given: FanwireProviderProps['client']): Held {
  if (typeof given !== 'function') return { given, source: () => given, keep: () => () => {} };
  let made: Client | undefined;
  let kept = 0;
  return {
    given,
    source: () => (made ??= given()),
    keep() {
      kept++;
      return () => {
        kept--;
        // Not at once: StrictMode mounts again in the same task, and the components below have subscriptions to close.
        queueMicrotask(() => {
          if (kept > 0) return;
          made?.close();
          made = undefined;
        });
      };
    },
  };
}
