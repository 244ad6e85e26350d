import type { RequestListener } from 'node:http';
import type { FanwireHub } from '../fanwire-hub.ts';
import type { HubOptions } from '../hub/options.ts';
import { MACHINE_CHANNEL, MACHINE_RULE, watchMachine } from './machine.ts';
import { createPageListener } from './page-server.ts';
import { loadScenarios } from './scenarios.ts';

/** The page, and what stands behind it in a hub. */
export interface Console {
  /** What it asks of the hub, beside the program's own options, which go before it. */
  readonly options: Pick<HubOptions, 'channels' | 'requests'>;
  /** Serves the page to whatever is not the hub's. */
  readonly listener: RequestListener;
  /**
   * Begins to tell of the hub. Returns what ends it.
   * @param first whether this process does what one of a machine's workers should do
   */
  start(hub: FanwireHub, first: boolean): () => void;
}

/** @param basePath where the hub is on the same server */
export async function openConsole(basePath: string): Promise<Console> {
  const scenarios = await loadScenarios();
  return {
    options: {
      channels: {
        [MACHINE_CHANNEL]: MACHINE_RULE,
        'console:*': { publish: 'nobody' },
        ...scenarios.channels,
      },
    },
    listener: createPageListener(basePath),
    start(hub, first) {
      if (!first) return () => {};
      const machine = watchMachine((reading) => void hub.publish(MACHINE_CHANNEL, reading).catch(() => {}));
      const stopScenarios = scenarios.start(hub);
      return () => {
        machine.stop();
        stopScenarios();
      };
    },
  };
}
