import { hostname } from 'node:os';
import type { FanwireHub } from '../../fanwire-hub.ts';
import { EventLoopDelay, rounded } from '../readings.ts';
import type { NodeReport } from './reports.ts';

/** Each sample wakes the process. At 10 ms the samples would be most of what the console costs while nobody looks. */
const DELAY_RESOLUTION_MS = 50;

/** Takes this process's reports. The load and the delay in a report are of the time since the report before. */
export class NodeReporter {
  readonly #hub: FanwireHub;
  readonly #since = Math.round(Date.now() - process.uptime() * 1000);
  readonly #delay = new EventLoopDelay(DELAY_RESOLUTION_MS);
  #usage = process.cpuUsage();
  #at = performance.now();

  constructor(hub: FanwireHub) {
    this.#hub = hub;
  }

  take(): NodeReport {
    const { user, system } = process.cpuUsage(this.#usage);
    const now = performance.now();
    const report: NodeReport = {
      node: this.#hub.node,
      time: Date.now(),
      pid: process.pid,
      host: hostname(),
      since: this.#since,
      load: rounded((user + system) / 1000 / Math.max(1, now - this.#at), 3),
      memoryBytes: process.memoryUsage.rss(),
      eventLoopDelayMs: this.#delay.take(),
      stats: this.#hub.stats(),
    };
    this.#usage = process.cpuUsage();
    this.#at = now;
    return report;
  }

  stop(): void {
    this.#delay.stop();
  }
}
