import type { ComponentType } from 'preact';
import type { Client, ClientOptions, TransportName } from '../../../client/index.ts';
import type { Connection } from './connection.ts';

/** The props of every page. */
export interface PageProps extends Connection {
  /** The path of the address, for a page with pages below it. */
  readonly path: string;
  /** Called when the hub refuses something for want of a token: the console then asks for one, with this reason. */
  readonly onRefused: (reason: string) => void;
  /** The transport that the visitor chose for this tab; undefined lets the client choose. */
  readonly chosen: TransportName | undefined;
  readonly onChoose: (transport: TransportName | undefined) => void;
  /** Makes another client of the same hub with the same token. The caller closes it. */
  readonly connectBeside: (options?: Omit<ClientOptions, 'token'>) => Client;
}

export interface Page {
  /** The page answers at this path and at those below it. */
  readonly path: string;
  readonly title: string;
  /** Each page is loaded when it is entered, so that the overview does not wait for the editor's code. */
  readonly load: () => Promise<{ readonly default: ComponentType<PageProps> }>;
}

export const PAGES: readonly Page[] = [
  { path: '/', title: 'Overview', load: () => import('../pages/overview/overview.tsx') },
  { path: '/learn', title: 'Learn', load: () => import('../pages/learn/learn.tsx') },
  { path: '/networks', title: 'Networks', load: () => import('../pages/networks/networks.tsx') },
  { path: '/playground', title: 'Playground', load: () => import('../pages/playground/playground.tsx') },
  { path: '/inspector', title: 'Inspector', load: () => import('../pages/inspector/inspector.tsx') },
  { path: '/scenarios', title: 'Scenarios', load: () => import('../pages/scenarios/scenarios.tsx') },
  { path: '/choose', title: 'Choose', load: () => import('../pages/choose/choose.tsx') },
  { path: '/try', title: 'Try', load: () => import('../pages/try/try.tsx') },
  { path: '/operate', title: 'Operate', load: () => import('../pages/operate/operate.tsx') },
];

export function pageAt(path: string): Page {
  return PAGES.find((page) => page.path === `/${path.split('/')[1]}`) ?? PAGES[0]!;
}
