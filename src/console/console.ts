import type { RequestListener, Server } from 'node:http';
import type { Http2SecureServer } from 'node:http2';
import type { FanwireHub } from '../fanwire-hub.ts';
import type { HubOptions } from '../hub/options.ts';
import { openCluster } from './cluster/cluster-server.ts';
import { COMPUTER_CHANNEL, COMPUTER_RULE, publishComputer } from './computer.ts';
import { openCrowd } from './crowd/crowd-server.ts';
import { openInspector } from './inspector/inspector.ts';
import { lostPacketRequests } from './lost-packet.ts';
import { openNetworks } from './networks/networks.ts';
import { openOperate } from './operate/operate.ts';
import { loadScenarios } from './scenarios.ts';
import { Watched } from './watched.ts';
import { createWebListener } from './web-server.ts';

/** The console's pages, and what stands behind them in a hub. */
export interface Console {
  /** What the console asks of the hub. The program's own rules and handlers override it. */
  readonly options: Required<Pick<HubOptions, 'channels' | 'requests' | 'onOccupied' | 'onVacated'>>;
  /** Serves the pages: the requests that are not for the hub. */
  readonly listener: RequestListener;
  /**
   * Begins to publish what the console shows. Returns a function that stops it.
   * @param server serves the hub and the pages
   * @param first whether this is the one worker that does what only one of them should do
   */
  start(hub: FanwireHub, server: Server | Http2SecureServer, first: boolean): () => void;
}

/**
 * @param basePath the hub's path on the same server
 * @param endpoints the names of what else serves its channels
 */
export async function openConsole(basePath: string, endpoints: readonly string[]): Promise<Console> {
  const watched = new Watched();
  const scenarios = await loadScenarios(watched);
  const inspector = openInspector(basePath);
  const networks = openNetworks(watched);
  const operate = openOperate(watched);
  const cluster = openCluster(watched);
  const crowd = openCrowd();
  return {
    options: {
      channels: {
        [COMPUTER_CHANNEL]: COMPUTER_RULE,
        ...watched.options.channels,
        ...inspector.options.channels,
        ...networks.options.channels,
        ...operate.options.channels,
        ...cluster.options.channels,
        ...crowd.options.channels,
        ...scenarios.channels,
        // A rule that lets everyone read `*` does not cover these channels: a token has to name them.
        'console:demo:*': { read: 'granted', publish: 'granted' },
        'console:*': { read: 'granted', publish: 'nobody' },
      },
      onOccupied: watched.options.onOccupied,
      onVacated: watched.options.onVacated,
      requests: {
        ...inspector.options.requests,
        ...networks.options.requests,
        ...operate.options.requests,
        ...cluster.options.requests,
        ...crowd.options.requests,
        ...lostPacketRequests(),
      },
    },
    listener: createWebListener(basePath, endpoints),
    start(hub, server, first) {
      const stops = [
        watched.start(hub),
        inspector.start(hub, server),
        networks.start(hub),
        operate.start(hub),
        cluster.start(hub, server),
        crowd.start(hub),
      ];
      if (first) {
        stops.push(publishComputer(hub, watched), scenarios.start(hub));
      }
      return () => {
        for (const stop of stops) stop();
      };
    },
  };
}
