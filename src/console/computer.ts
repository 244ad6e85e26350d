import { cpus, freemem, totalmem } from 'node:os';
import type { FanwireHub } from '../fanwire-hub.ts';
import type { ChannelRule } from '../hub/authorisation/channel-rule.ts';
import { EventLoopDelay, periodically, rounded } from './readings.ts';
import type { Watched } from './watched.ts';

/** The page Operate shows the readings of this channel. */
export const COMPUTER_CHANNEL = 'console:computer';

const PERIOD_MS = 1000;
const DELAY_RESOLUTION_MS = 10;

/** Retains two minutes of readings. No client may publish any. */
export const COMPUTER_RULE: ChannelRule = { retain: { count: 120 }, publish: 'nobody' };

export interface ComputerReading {
  /** The share of all processors' time that was busy since the last reading: 0 to 1. */
  readonly load: number;
  readonly memory: { readonly usedBytes: number; readonly totalBytes: number };
  /** The longest delay of this process's event loop since the last reading. */
  readonly eventLoopDelayMs: number;
}

/** Publishes a reading each second while somebody reads them. Returns a function that stops it. */
export function publishComputer(hub: FanwireHub, watched: Watched): () => void {
  let end: (() => void) | undefined;
  const begin = () => {
    const delay = new EventLoopDelay(DELAY_RESOLUTION_MS);
    let before = processorTimes();
    const endReadings = periodically(PERIOD_MS, () => {
      if (!watched.has(COMPUTER_CHANNEL)) return stop();
      const now = processorTimes();
      const totalBytes = totalmem();
      const reading: ComputerReading = {
        load: rounded((now.busy - before.busy) / Math.max(1, now.total - before.total), 3),
        memory: { usedBytes: totalBytes - freemem(), totalBytes },
        eventLoopDelayMs: delay.take(),
      };
      before = now;
      void hub.publish(COMPUTER_CHANNEL, reading).catch(() => {});
    });
    end = () => {
      endReadings();
      delay.stop();
    };
  };
  const stop = () => {
    end?.();
    end = undefined;
  };
  watched.add(COMPUTER_CHANNEL, () => end ?? begin());
  return stop;
}

/** Milliseconds since the computer started, over all processors. */
function processorTimes(): { busy: number; total: number } {
  const times = cpus().map((processor) => processor.times);
  const total = times.reduce(
    (sum, { user, nice, sys, idle, irq }) => sum + user + nice + sys + idle + irq,
    0,
  );
  return { busy: total - times.reduce((sum, { idle }) => sum + idle, 0), total };
}
