import type { ComponentType } from 'preact';
import type { Client, ClientOptions, TransportName } from '../../../client/index.ts';
import type { Connection } from './connection.ts';

/** What every room is handed. */
export interface RoomProps extends Connection {
  /** The hub refused something for want of a token: asks for one, saying so. */
  readonly onRefused: (reason: string) => void;
  /** The transport that this tab is made to use; undefined lets the client choose. */
  readonly chosen: TransportName | undefined;
  readonly onChoose: (transport: TransportName | undefined) => void;
  /** A client of the same hub and token beside the page's own, closed by whoever asked for it. */
  readonly connectBeside: (options?: Omit<ClientOptions, 'token'>) => Client;
}

export interface Room {
  /** The path it is at, and that of what lies below it. */
  readonly path: string;
  readonly title: string;
  /** Each is loaded when it is entered: nobody waits for the editor to see the machine. */
  readonly load: () => Promise<{ readonly default: ComponentType<RoomProps> }>;
}

export const ROOMS: readonly Room[] = [
  { path: '/', title: 'Overview', load: () => import('../rooms/overview/overview.tsx') },
  { path: '/playground', title: 'Playground', load: () => import('../rooms/playground/playground.tsx') },
  { path: '/inspector', title: 'Inspector', load: () => import('../rooms/inspector/inspector.tsx') },
  { path: '/scenarios', title: 'Scenarios', load: () => import('../rooms/scenarios/scenarios.tsx') },
  { path: '/choose', title: 'Choose', load: () => import('../rooms/choose/choose.tsx') },
  { path: '/operate', title: 'Operate', load: () => import('../rooms/operate/operate.tsx') },
];

export function roomAt(path: string): Room {
  return ROOMS.find((room) => room.path === `/${path.split('/')[1]}`) ?? ROOMS[0]!;
}
