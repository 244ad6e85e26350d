import type { Worker } from 'node:cluster';
import type { Certificate } from '../server/tls/certificate.ts';
import type { KeyPair } from '../server/tls/key-pair.ts';

/*
 * A certificate that the first process has made is that of all workers: each of its own would be another for every
 * connection. Files are read by each worker itself.
 */

const PAIR = 'WORKER_OF_FANWIRE_KEY_PAIR';

interface RenewedPair {
  readonly renewedPair: KeyPair;
}

/** What a worker is started with. */
export function workerEnvironment(pair: KeyPair | undefined): Record<string, string> {
  return pair ? { [PAIR]: JSON.stringify(pair) } : {};
}

export function sendPair(worker: Worker, pair: KeyPair): void {
  worker.send({ renewedPair: pair } satisfies RenewedPair);
}

/** In a worker: what the first process has made, and makes. */
export function certificateOfPrimary(): Certificate | undefined {
  const given = process.env[PAIR];
  // Not for what the program might start.
  delete process.env[PAIR];
  if (given === undefined) return undefined;
  return {
    pair: JSON.parse(given) as KeyPair,
    follow(renewed) {
      const onMessage = (message: Partial<RenewedPair>) => {
        if (message.renewedPair) renewed(message.renewedPair);
      };
      process.on('message', onMessage);
      return () => process.off('message', onMessage);
    },
  };
}
